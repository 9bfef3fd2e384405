import { parseArgs } from 'node:util';
import { ownPaths } from './own-paths.ts';
import type { CliCommand, CommandContext } from './command.ts';
import type { Finding } from './doctor/finding.ts';
import { checkNativeAddons } from './doctor/native-addons.ts';
import { checkAudio, checkBrowser, checkBuild, checkDisk, checkModels, checkNode } from './doctor/surroundings.ts';

const HELP = `Usage: parley doctor [--json]

Checks every part that Parley needs and says what to do where something is wrong. Exit code 1: something needed is broken.`;

export interface DoctorOptions {
  /** Where the children's mains are, see ForkHost. */
  entriesDir: string;
  rendererDir: string;
}

export function doctorCommand(options: DoctorOptions): CliCommand {
  return {
    help: HELP,
    async run(args, context) {
      const { values } = parseArgs({ args, options: { json: { type: 'boolean', default: false } } });
      const { terminal } = context;
      const findings: Finding[] = [];
      for await (const finding of examine(options, context)) {
        findings.push(finding);
        if (!values.json) terminal.out(describeFinding(finding));
      }
      if (values.json) terminal.out(JSON.stringify(findings, null, 2));
      return findings.some(({ status }) => status === 'fail') ? 1 : 0;
    },
  };
}

/** Quick checks first: the slow ones load native libraries. */
async function* examine(options: DoctorOptions, { signal }: CommandContext): AsyncGenerator<Finding> {
  const paths = ownPaths();
  yield checkNode();
  yield checkBuild(options);
  yield checkModels(paths);
  yield await checkDisk(paths);
  yield checkBrowser();
  yield* await checkNativeAddons(signal);
  yield await checkAudio(options);
}

const SIGNS = { ok: '✓', warn: '!', fail: '✗' } satisfies Record<Finding['status'], string>;

export function describeFinding({ part, status, detail, nextStep }: Finding): string {
  return `${SIGNS[status]} ${part}: ${detail}${nextStep ? `\n    → ${nextStep}` : ''}`;
}
