import { ParleyError } from './contract/errors.ts';
import { pricesSchema } from './contract/evaluation-prices.ts';
import type { EvaluationState } from './contract/evaluation.ts';
import type { AppEvent, CommandOf } from './contract/messages.ts';
import shippedPrices from './evaluation/prices.json' with { type: 'json' };
import type { ClientConnection } from './transport/app-endpoint.ts';

export type EvaluationCommand = CommandOf<
  | 'watch-evaluation'
  | 'start-evaluation'
  | 'resume-evaluation'
  | 'stop-evaluation'
  | 'record-utterance'
  | 'compare-utterance'
  | 'open-evaluation'
  | 'remove-evaluation'
  | 'rerun-turn'
  | 'prefer-answer'
>;

/** What windows may do about comparing architectures. */
export class AppEvaluationPanel {
  readonly #watching = new Set<ClientConnection>();

  async handle(connection: ClientConnection, command: EvaluationCommand): Promise<void> {
    if (command.type !== 'watch-evaluation') {
      throw new ParleyError({ code: 'bad-command', stage: 'app', message: 'nothing can be measured here' });
    }
    if (!command.on) return this.forgetConnection(connection);
    this.#watching.add(connection);
    connection.send(this.#event());
    return Promise.resolve();
  }

  forgetConnection(connection: ClientConnection): void {
    this.#watching.delete(connection);
  }

  #event(): AppEvent {
    const evaluation: EvaluationState = {
      unavailable: 'Architectures can be compared by "npx parley bench run" only.',
      suites: [],
      run: null,
      runs: [],
      recording: null,
      recorded: null,
      prices: { prices: pricesSchema.parse(shippedPrices).prices, file: '', isOwn: false, problem: null },
      failure: null,
      notice: null,
    };
    return { type: 'evaluation', evaluation };
  }
}
