import { everydayReplies } from '../../../../main/cascade/reply-cache/intent-table.ts';
import { ReplyCache } from '../../../../main/cascade/reply-cache/reply-cache.ts';
import type { ReadyAnswer } from '../../../../main/cascade/responder-chain.ts';
import { everydaySkills } from '../../../../main/cascade/skills/everyday-skills.ts';
import type { LastTurn } from '../../../../main/cascade/skills/memory.ts';
import { SkillSet } from '../../../../main/cascade/skills/skill-set.ts';
import { PacedVoice } from '../../../../main/cascade/voice-pace.ts';
import type { PastExchange } from '../../../../main/ports/responder.ts';
import { SqliteSkillStore } from '../../../../main/records/sqlite-skill-store.ts';
import { FakeControls } from '../../../fakes/fake-controls.ts';
import { FakeTts } from '../../../fakes/fake-tts.ts';

/** Tuesday, March 10, 2026, 3:05 PM in New York, two days after its clocks went forward. */
export const TUESDAY_AFTERNOON_MS = Date.UTC(2026, 2, 10, 19, 5);

export interface Answered {
  stage: 'cache' | 'skill' | 'model';
  name: string | null;
  text: string;
}

/** The stages before the model, as the app has them, with a time of day and chance that the test decides. */
export class SkillRig {
  nowMs = TUESDAY_AFTERNOON_MS;
  timeZone = 'America/New_York';
  lastTurn: LastTurn | null = null;
  chance = 0.4;
  history: PastExchange[] = [];
  readonly store = new SqliteSkillStore(':memory:');
  readonly voice = new PacedVoice(new FakeTts());
  readonly controls = new FakeControls();
  readonly cache: ReplyCache;
  readonly skills: SkillSet;
  #undo: () => void = () => {};
  #id = 0;

  /** `cache`: one that many rigs share, since its patterns take long to compile; then no tool is connected. */
  constructor({ cache }: { cache?: ReplyCache } = {}) {
    this.cache = cache ?? new ReplyCache(everydayReplies, () => this.controls.connectedTools());
    this.skills = new SkillSet({
      wallClock: { epochMs: () => this.nowMs, timeZone: () => this.timeZone },
      skills: everydaySkills({
        store: this.store,
        voice: this.voice,
        controls: this.controls,
        newId: () => `id-${this.#id++}`,
        random: () => this.chance,
        lastTurn: () => this.lastTurn,
      }),
    });
  }

  /** What would be answered; nothing is done. */
  ask(userText: string, history: readonly PastExchange[] = this.history): Answered & { ready: ReadyAnswer | null } {
    for (const stage of [this.skills.followUps, this.cache, this.skills]) {
      const ready = stage.tryRespond({ userText, history });
      if (ready) return { stage: stage.source as 'cache' | 'skill', name: ready.name, text: ready.text, ready };
    }
    return { stage: 'model', name: null, text: '', ready: null };
  }

  /** A whole turn: what the answer does is done, and it is heard. */
  say(userText: string): string {
    const { text, ready } = this.ask(userText);
    this.#undo = ready?.effect?.apply() ?? (() => {});
    this.history.push({ user: userText, heard: text });
    return text;
  }

  /** The user turns out to have gone on after the last turn. */
  undo(): void {
    this.#undo();
  }
}
