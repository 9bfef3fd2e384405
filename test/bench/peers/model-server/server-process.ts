// The model's server in a process of its own: node server-process.ts '<ModelServerRequest as JSON>'. Prints where it listens.
import type { AddressInfo } from 'node:net';
import { chatCompletionsServer } from './chat-completions.ts';
import { ModelAnswers, type Words } from './model-answers.ts';

export interface ModelServerRequest {
  modelPath: string;
  words: Words;
}

const model = await ModelAnswers.load(JSON.parse(process.argv[2]!) as ModelServerRequest);
const server = chatCompletionsServer((messages, options) => model.answer(messages, options));
server.listen(0, '127.0.0.1', () => console.log(`listening on ${(server.address() as AddressInfo).port}`));
