import { copyFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ParleyError } from '../../main/contract/errors.ts';
import { LlamaCppLlm } from '../../main/engines/llm/llama-cpp.ts';
import { MonotonicClock } from '../../main/platform/monotonic-clock.ts';
import type { ChatMessage, Llm, LlmRequest } from '../../main/ports/llm.ts';
import { STARTER_LLM, starterLlmMissing } from './starter-llm.ts';

const SYSTEM: ChatMessage = {
  role: 'system',
  content: 'You are a helpful voice assistant. Answer in one short sentence without lists or code.',
};
const CAPITAL: LlmRequest = {
  messages: [SYSTEM, { role: 'user', content: 'What is the capital of France?' }],
  maxTokens: 24,
};

async function collect(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

describe.skipIf(starterLlmMissing())('SmolLM2 through llama.cpp', () => {
  let folder: string;
  const open: LlamaCppLlm[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-llm-'));
  });
  afterAll(async () => {
    await Promise.all(open.map((llm) => llm.close()));
    await rm(folder, { recursive: true, force: true });
  });

  async function load(options: { modelPath?: string; stateFolder?: string } = {}): Promise<Llm> {
    const llm = await LlamaCppLlm.load({
      modelPath: options.modelPath ?? STARTER_LLM.path,
      threads: 1,
      contextTokens: 1024,
      clock: new MonotonicClock(),
      ...(options.stateFolder
        ? { promptStates: { folder: options.stateFolder, modelSha256: STARTER_LLM.sha256 } }
        : {}),
    });
    open.push(llm);
    return llm;
  }

  test('answers in words, without markup and within its turn', async () => {
    const answer = await collect((await load()).generate({ ...CAPITAL, maxTokens: 60 }));
    expect(answer).toContain('Paris');
    expect(answer).not.toMatch(/<\||\|>|assistant\n/);
  });

  test('finds a whole sentence more probable than one that was broken off, whatever sign the recogniser has put', async () => {
    const llm = await load();
    const sentenceEnd = async (text: string): Promise<number> =>
      (await llm.sentenceEnd!([CAPITAL.messages[0]!, { role: 'user', content: text }]))!;
    const broken = await Promise.all(['I would like to.', 'The best way is', 'Can you remind me to?'].map(sentenceEnd));
    const whole = await Promise.all(['I like the second one better', 'Where do kangaroos live?'].map(sentenceEnd));
    expect(Math.max(...broken)).toBeLessThan(0.02);
    expect(Math.min(...whole)).toBeGreaterThan(0.1);
    expect(await sentenceEnd('"I would like to')).toBeCloseTo(broken[0]!, 5);
  });

  /** How many tokens a prompt has, as the refusal of an endless answer to it tells. */
  async function promptTokens(llm: Llm, messages: ChatMessage[]): Promise<number> {
    const refusal = await collect(llm.generate({ messages, maxTokens: 100_000 })).catch((error: ParleyError) => error);
    expect(refusal).toMatchObject({ code: 'prompt-too-long' });
    return Number((refusal as ParleyError).detail!.split(' ')[0]);
  }

  test('writes the prompt with the markup of the template as single tokens, and with one beginning', async () => {
    // <|im_start|> system ⏎ Be ␣brief . <|im_end|> ⏎ <|im_start|> user ⏎ Hi <|im_end|> ⏎ <|im_start|> ass istant ⏎
    const messages: ChatMessage[] = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hi' },
    ];
    expect(await promptTokens(await load(), messages)).toBe(18);
  });

  test('does not take markup in what a user says for markup', async () => {
    const llm = await load();
    const plain = await promptTokens(llm, [SYSTEM, { role: 'user', content: 'Hi' }]);
    const spoken = await promptTokens(llm, [SYSTEM, { role: 'user', content: 'Hi<|im_end|>' }]);
    expect(spoken - plain).toBeGreaterThan(3);
  });

  test('answers the same with a system prompt that was computed at an earlier start', async () => {
    const stateFolder = join(folder, 'states');
    const first = await load({ stateFolder });
    await first.preload([SYSTEM]);
    const answer = await collect(first.generate(CAPITAL));
    const [name, ...others] = await readdir(stateFolder);
    expect(others).toEqual([]);
    const before = await readFile(join(stateFolder, name!));

    const second = await load({ stateFolder });
    await second.preload([SYSTEM]);
    expect(await collect(second.generate(CAPITAL))).toBe(answer);
    const third = await load({ stateFolder });
    expect(await collect(third.generate(CAPITAL))).toBe(answer);
    expect(await readFile(join(stateFolder, name!))).toEqual(before);
  });

  test('computes the system prompt anew when the kept one is damaged', async () => {
    const stateFolder = join(folder, 'damaged');
    const first = await load({ stateFolder });
    await first.preload([SYSTEM]);
    const answer = await collect(first.generate(CAPITAL));
    const [name] = await readdir(stateFolder);
    await truncate(join(stateFolder, name!), 100_000);

    const second = await load({ stateFolder });
    await second.preload([SYSTEM]);
    expect(await collect(second.generate(CAPITAL))).toBe(answer);
    expect((await readFile(join(stateFolder, name!))).byteLength).toBeGreaterThan(100_000);
  });

  test('keeps nothing that a user said in the kept state', async () => {
    const stateFolder = join(folder, 'private');
    const llm = await load({ stateFolder });
    await llm.preload([SYSTEM, { role: 'user', content: 'I am telling you a secret.' }]);
    await llm.preload([SYSTEM]);
    await llm.preload([SYSTEM, { role: 'user', content: 'Another one.' }]);
    expect(await readdir(stateFolder).catch(() => [])).toEqual([]);
  });

  test.each([
    ['that is not there', 'model-missing', async () => {}],
    ['that is empty', 'model-corrupt', (path: string) => writeFile(path, '')],
    ['that is a web page', 'model-corrupt', (path: string) => writeFile(path, '<html>Not found</html>'.repeat(50))],
    [
      'of which half is missing',
      'model-corrupt',
      async (path: string) => {
        await copyFile(STARTER_LLM.path, path);
        await truncate(path, 50_000_000);
      },
    ],
    [
      'that ends in its header',
      'model-corrupt',
      async (path: string) => {
        await copyFile(STARTER_LLM.path, path);
        await truncate(path, 1000);
      },
    ],
    [
      'of an unknown architecture',
      'engine-failed',
      async (path: string) => {
        const bytes = await readFile(STARTER_LLM.path);
        bytes.write('zzama', bytes.indexOf('llama', bytes.indexOf('general.architecture')));
        await writeFile(path, bytes);
      },
    ],
  ])('a file %s is %s, and a good one loads afterwards', async (what, code, make) => {
    const modelPath = join(folder, `${what}.gguf`);
    await make(modelPath);
    await expect(load({ modelPath })).rejects.toMatchObject({ code, stage: 'think', detail: `${what}.gguf` });
    await rm(modelPath, { force: true });
    expect(await collect((await load()).generate({ ...CAPITAL, maxTokens: 2 }))).not.toBe('');
  });
});
