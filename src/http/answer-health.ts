import { type HealthReport, isReady } from '../model/health.ts';
import { type Answer, say } from './answer.ts';

/** The process answers: that is all liveness asks, also while PostgreSQL is full (contract.md, fine print 8). */
export function answerLive(): Answer {
  return say(200, 'alive');
}

/** 200 when every part works, else 503; the parts with their details either way, as JSON that people can read too. */
export function answerReady(report: HealthReport): Answer {
  const ready = isReady(report);
  return {
    status: ready ? 200 : 503,
    type: 'application/json',
    body: `${JSON.stringify({ ready, parts: report.parts }, null, 2)}\n`,
  };
}
