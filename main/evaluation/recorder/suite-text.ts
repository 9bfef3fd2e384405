import { Document, isMap, isSeq } from 'yaml';
import { SUITE_VERSION } from '../scenario/scenario.ts';
import type { WrittenTurn } from './recorded-scenario.ts';

/** Of the file's shape. */
const MAX_TURNS = 200;
const HEAD = ` A conversation as it was recorded by parley talk --record-scenario. Play it to any architecture:
   parley bench run scenario.yaml --arch cascade,naive-cascade
 Texts are as they were understood: correct them where they are wrong, they are what recognition is measured by.
 Say under "expect" what the answers should be like (docs/evaluation.md); until then only that there are answers, and in time, is checked.`;

/** A suite file with one scenario; a conversation of more turns than a scenario may have goes on in the next. */
export function suiteText(turns: readonly WrittenTurn[], options: { recordedAt: string }): string {
  const chunks: WrittenTurn[][] = [];
  for (let i = 0; i < turns.length; i += MAX_TURNS) chunks.push(turns.slice(i, i + MAX_TURNS));
  const document = new Document({
    version: SUITE_VERSION,
    suite: 'recorded',
    title: 'A recorded conversation',
    about: `Recorded ${options.recordedAt}.`,
    scenarios: chunks.map((chunk, i) => ({
      id: i === 0 ? 'conversation' : `conversation-${i + 1}`,
      title: 'The conversation as it was',
      turns: chunk.map(({ heardThen: _, ...turn }) => turn),
    })),
  });
  document.commentBefore = HEAD;
  for (const [i, chunk] of chunks.entries()) {
    for (const [j, { heardThen }] of chunk.entries()) {
      const node = document.getIn(['scenarios', i, 'turns', j], true);
      if (isMap(node)) node.commentBefore = heardThen === '' ? ' Nothing was heard then.' : ` Heard then: ${heardThen}`;
    }
    const list = document.getIn(['scenarios', i, 'turns'], true);
    if (isSeq(list)) list.flow = false;
  }
  return document.toString({ lineWidth: 0 });
}
