import { parseArgs } from 'node:util';
import { createApp } from '../app.ts';
import { WavBus } from '../audio/wav-bus.ts';
import { ForkHost } from '../children/fork-host.ts';
import { wordsFor } from '../contract/error-words.ts';
import type { Floor, TranscriptLine, TurnTiming } from '../contract/state.ts';
import { deferred } from '../lib/deferred.ts';
import { ScenarioRecorder } from '../evaluation/recorder/scenario-recorder.ts';
import { JsonLogger, logLevelFrom, stderrSink } from '../platform/json-logger.ts';
import { MonotonicClock } from '../platform/monotonic-clock.ts';
import { EnvironmentSecrets } from '../platform/secrets.ts';
import { SettingsFile } from '../platform/settings.ts';
import type { Clock } from '../ports/clock.ts';
import { UsageError, type CliCommand, type CommandContext, type ExitCode } from './command.ts';
import { ownPaths } from './own-paths.ts';
import type { Terminal } from './terminal.ts';

const HELP = `Usage: parley talk [--in question.wav [--out answer.wav]] [options]

  --in <file>       what is said into the microphone, in real time; without it: the sound card, until Ctrl-C
  --out <file>      where what the loudspeaker plays is written
  --stereo          in --out, the microphone is on the left and the loudspeaker on the right, on one clock
  --wait <seconds>  how long to wait for an answer after the input has ended (default 20)
  --record-scenario <folder>
                    keep what you say and what was understood, and make a scenario of it for parley bench run; nothing is kept without this

Prints what was heard and answered, and what took how long: milliseconds after your last word.
Exit code 1: nothing was answered, or an answer failed.`;

const DEFAULT_WAIT_SECONDS = 20;
/** After the input's end, the conversation is over when nobody has had the floor for so long. */
const QUIET_MS = 1500;
const POLL_MS = 100;

interface TalkFlags {
  inputPath: string | undefined;
  outputPath: string | undefined;
  isStereo: boolean;
  waitMs: number;
  scenarioFolder: string | undefined;
}

/** `entriesDir` is where the children's mains are, see ForkHost. */
export function talkCommand({ entriesDir }: { entriesDir: string }): CliCommand {
  return { help: HELP, run: (args, context) => talk(parseFlags(args), { ...context, entriesDir }) };
}

function parseFlags(args: string[]): TalkFlags {
  const { values } = parseArgs({
    args,
    options: {
      in: { type: 'string' },
      out: { type: 'string' },
      stereo: { type: 'boolean', default: false },
      wait: { type: 'string', default: String(DEFAULT_WAIT_SECONDS) },
      'record-scenario': { type: 'string' },
    },
  });
  const waitSeconds = Number(values.wait);
  if (!(waitSeconds > 0)) throw new UsageError('--wait takes a number of seconds');
  if (values.out && !values.in) throw new UsageError('--out needs --in: what a sound card plays is not recorded');
  return {
    inputPath: values.in,
    outputPath: values.out,
    isStereo: values.stereo,
    waitMs: waitSeconds * 1000,
    scenarioFolder: values['record-scenario'],
  };
}

async function talk(flags: TalkFlags, context: CommandContext & { entriesDir: string }): Promise<ExitCode> {
  const { terminal, signal } = context;
  const paths = ownPaths();
  const clock = new MonotonicClock();
  const account = new Account(terminal);
  const recorder = flags.scenarioFolder === undefined ? undefined : recorderIn(flags.scenarioFolder, terminal);
  let file: WavBus | undefined;
  const app = await createApp(
    {
      clock,
      paths,
      logger: new JsonLogger({
        sinks: [stderrSink(logLevelFrom(process.env.PARLEY_LOG, 'error'))],
        now: () => new Date().toISOString(),
      }),
      settings: await SettingsFile.open(paths.settingsFile),
      secrets: new EnvironmentSecrets(process.env),
      childHost: new ForkHost({ entriesDir: context.entriesDir }),
      audio: flags.inputPath
        ? { file: (events) => (file = new WavBus({ events, clock, ...wavFiles(flags) })) }
        : 'portaudio',
      ...(recorder && {
        scene: { engines: (engines) => ({ ...engines, listener: recorder.listening(engines.listener) }) },
      }),
    },
    {
      onLine(line) {
        account.onLine(line);
        recorder?.onLine(line);
      },
      onLinesRemoved: (ids) => recorder?.onLinesRemoved(ids),
      onFloor: (floor) => account.onFloor(floor, clock.nowMs()),
    },
  );
  try {
    await app.whenListening();
    terminal.note('Parley is listening');
    if (file) await conversationOver({ file, account, clock, signal, waitMs: flags.waitMs });
    else await aborted(signal);
  } finally {
    await app.close();
    if (recorder) tellRecorded(recorder, terminal);
  }
  return file && !account.isGood ? 1 : 0;
}

function recorderIn(folder: string, terminal: Terminal): ScenarioRecorder {
  return new ScenarioRecorder({
    folder,
    recordedAt: new Date().toISOString(),
    onTrouble(error) {
      const why = error.code === 'disk-full' ? 'the disk is full' : `${folder} cannot be written`;
      terminal.note(`The scenario is not recorded any further, the conversation goes on: ${why}`);
    },
  });
}

function tellRecorded(recorder: ScenarioRecorder, terminal: Terminal): void {
  const recorded = recorder.finish();
  if (recorded) terminal.note(`Recorded ${recorded.turns} turns: parley bench run ${recorded.file}`);
  else terminal.note('No scenario was written: no turn was recorded.');
}

function wavFiles({ inputPath, outputPath, isStereo }: TalkFlags) {
  return { inputPath, outputPath, outputLayout: isStereo ? ('stereo' as const) : ('mono' as const) };
}

function aborted(signal: AbortSignal): Promise<void> {
  const stopped = deferred<void>();
  signal.addEventListener('abort', () => stopped.resolve());
  if (signal.aborted) stopped.resolve();
  return stopped.promise;
}

/** Resolves when the input has been played and the talk has come to rest, or when the waiting is over. */
function conversationOver(options: {
  file: WavBus;
  account: Account;
  clock: Clock;
  signal: AbortSignal;
  waitMs: number;
}): Promise<void> {
  const { file, account, clock, signal, waitMs } = options;
  const over = deferred<void>();
  const look = (): void => {
    const sinceInputMs = file.positionMs - file.inputDurationMs;
    const isQuiet = account.quietSinceMs !== null && clock.nowMs() - account.quietSinceMs > QUIET_MS;
    if (signal.aborted || sinceInputMs > waitMs || (sinceInputMs > QUIET_MS && isQuiet)) over.resolve();
    else clock.schedule(POLL_MS, look);
  };
  look();
  return over.promise;
}

/** Prints lines when they are final, and keeps what the exit code needs. */
class Account {
  readonly #terminal: Terminal;
  #answers = 0;
  #failures = 0;
  /** Since when nobody has had the floor; null while somebody has. */
  quietSinceMs: number | null = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  get isGood(): boolean {
    return this.#answers > 0 && this.#failures === 0;
  }

  onFloor(floor: Floor, nowMs: number): void {
    this.quietSinceMs = floor === 'listening' || floor === 'off' ? nowMs : null;
  }

  onLine(line: TranscriptLine): void {
    if (line.role === 'user') {
      if (line.status === 'final') this.#terminal.out(`You: ${line.text}`);
      return;
    }
    switch (line.status) {
      case 'thinking':
      case 'speaking':
        return;
      case 'done':
      case 'interrupted':
        this.#answers++;
        this.#terminal.out(`Parley: ${heardAndUnheard(line.text, line.heardChars)}`);
        if (line.timing) this.#terminal.out(`  ${timeline(line.timing)}`);
        return;
      case 'failed': {
        this.#failures++;
        const { title, nextStep } = wordsFor(line.error!);
        this.#terminal.out(`Parley could not answer (${line.error!.stage}): ${title} ${nextStep}`);
      }
    }
  }
}

function heardAndUnheard(text: string, heardChars: number): string {
  const unheard = text.slice(heardChars).trim();
  return unheard === '' ? text : `${text.slice(0, heardChars)} [not heard: ${unheard}]`;
}

function timeline({ marks, voiceToVoiceMs }: TurnTiming): string {
  const parts = marks.map(({ name, atMs }) => `${name} ${Math.round(atMs)}`);
  return `${parts.join(' · ')} ms${voiceToVoiceMs === null ? '' : ` → voice to voice ${Math.round(voiceToVoiceMs)} ms`}`;
}
