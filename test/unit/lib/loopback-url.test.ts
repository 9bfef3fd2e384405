import { expect, test } from 'vitest';
import { isLoopbackUrl } from '../../../main/lib/loopback-url.ts';

test.each([
  ['http://127.0.0.1:11434/v1', true],
  ['http://localhost:8080', true],
  ['https://[::1]:8080', true],
  ['http://127.0.0.1.example.org', false],
  ['http://localhost.example.org', false],
  ['http://192.168.1.7:8080', false],
  ['https://api.openai.com/v1', false],
  ['null', false],
])('%s is this machine: %s', (address, own) => {
  expect(isLoopbackUrl(address)).toBe(own);
});
