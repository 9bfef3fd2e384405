import type { PastExchange } from '../../main/ports/responder.ts';
import { FakeOpenAiServer, type Behaviour } from './fake-openai-server.ts';
import { CALL, weatherAnswer, type ScriptedModel } from './scripted-model.ts';
import { wordsIn } from './spoken-turns.ts';

const WAV_HEADER_BYTES = 44;

interface Message {
  role: string;
  content: string | { type: string; input_audio?: { data: string } }[];
}

/** The scripted model behind a chat endpoint that takes sound: it knows from the sound alone what it is asked, and refuses to be asked in words. */
export async function startScriptedAudioEndpoint(model: ScriptedModel): Promise<FakeOpenAiServer> {
  const server = await FakeOpenAiServer.start();
  server.behaviour = { type: 'by-request', choose: ({ messages }) => behaviourFor(model, messages) };
  return server;
}

function behaviourFor(model: ScriptedModel, messages: Message[]): Behaviour {
  const asked = messages.findLastIndex(({ role }) => role === 'user');
  const userText = heardIn(messages[asked]!);
  if (userText === '') return { type: 'status', status: 400 };
  const last = messages.at(-1)!;
  if (last.role === 'tool') return says(weatherAnswer(wordsOf(last)));
  const answer = model.begin({ history: exchangesIn(messages.slice(1, asked)), userText });
  return answer === null ? asksForWeather() : says(answer);
}

function heardIn({ content }: Message): string {
  const sound = typeof content === 'string' ? undefined : content.find(({ type }) => type === 'input_audio');
  const wav = Buffer.from(sound?.input_audio?.data ?? '', 'base64');
  return wordsIn(wav.subarray(WAV_HEADER_BYTES));
}

/** What was said before comes as words, the user's first. */
function exchangesIn(messages: Message[]): PastExchange[] {
  return messages.flatMap((message, index) =>
    message.role === 'user' ? [{ user: wordsOf(message), heard: wordsOf(messages[index + 1]!) }] : [],
  );
}

function wordsOf({ content }: Message): string {
  if (typeof content !== 'string') throw new Error('only what is asked now is sound');
  return content;
}

function says(content: string): Behaviour {
  return { type: 'deltas', deltas: content.split(/(?<= )/).map((word) => ({ content: word })) };
}

function asksForWeather(): Behaviour {
  const { id, ...call } = CALL;
  return { type: 'deltas', deltas: [{ tool_calls: [{ index: 0, id, type: 'function', function: call }] }] };
}
