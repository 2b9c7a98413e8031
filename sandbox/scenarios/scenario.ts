import type { Recorder } from '../drill/recorder.ts';
import type { Stage } from '../stage/set-stage.ts';
import type { StageOptions } from '../stage/stage-options.ts';

/** What happens to the world, and what a responder must find while it does. */
export interface Scenario {
  readonly name: string;
  /** One line for `--list`. */
  readonly summary: string;
  /** How its stage must be set; left out where the usual one will do. */
  readonly stage?: StageOptions;
  readonly acts: readonly Act[];
}

export interface Act {
  readonly title: string;
  /** Changes the world: the same in a drill, in the sandbox and on a game day. */
  play(stage: Stage): Promise<void>;
  /** The scripted responder of a drill; `recorder.expect` notes what failed. Left out where nothing is to be seen. */
  respond?(stage: Stage, recorder: Recorder): Promise<void>;
}
