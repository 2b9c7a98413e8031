import type { SendKind } from './choose-job.ts';
import type { Office } from './office.ts';
import type { Parcel } from './parcel.ts';
import type { Delivered, Found } from './transport.ts';
import { isSetBack, laterWait, type Wait, waitLeft } from './wait.ts';

/** What follows from how a post ended. `triedAt` is when it was begun, epoch milliseconds. */
export function settlePost(
  office: Office,
  parcel: Parcel,
  sent: { readonly version: number; readonly triedAt: number; readonly outcome: Delivered },
): void {
  const { outcome, version, triedAt } = sent;
  if (outcome.kind !== 'delivered') {
    if (outcome.kind === 'uncertain') {
      parcel.triedAt ??= triedAt;
      parcel.lastTriedAt = office.clock.now();
    }
    return settleFailure(office, parcel, 'post', outcome);
  }
  // Before it is closed: it may be the very note about the outage that it ends.
  office.arrived(parcel);
  // Where an earlier post may have arrived, Discord answers with that one: with the text that it had then.
  take(office, parcel, outcome.messageId, parcel.triedAt === null ? version : -1);
}

/** What follows from how an edit ended. */
export function settleEdit(
  office: Office,
  parcel: Parcel,
  sent: {
    readonly version: number;
    readonly triedAt: number;
    readonly file: boolean;
    readonly outcome: Delivered;
  },
  how: 'sent' | 'unsent' = 'sent',
): void {
  const { outcome, version, triedAt, file } = sent;
  const { clock, log } = office;
  if (outcome.kind === 'gone') {
    log.warn({ id: parcel.id }, 'the message was deleted in Discord; it is not posted again');
    // Whoever says so has answered.
    recover(parcel);
    if (how === 'sent') office.arrived(parcel);
    // Not journalled: after a restart the next edit says it again.
    parcel.gone = true;
    if (parcel.final) office.record({ type: 'closed', data: { id: parcel.id } });
    return;
  }
  if (outcome.kind === 'refused' && file) {
    log.warn({ id: parcel.id, reason: outcome.reason }, 'refused with its chart; it goes without');
    parcel.plain = true;
    return;
  }
  if (outcome.kind === 'uncertain') parcel.doubt = { from: clock.now(), forMs: office.tuning.lateMs };
  if (outcome.kind !== 'delivered') return settleFailure(office, parcel, 'edit', outcome);
  recover(parcel);
  parcel.doubt = remainingDoubt(parcel.doubt, triedAt);
  parcel.sentVersion = version;
  parcel.complete = true;
  parcel.sentAt = clock.now();
  if (how === 'sent') office.arrived(parcel);
  if (parcel.version !== version) return;
  parcel.urgent = false;
  if (parcel.final && parcel.doubt === null) office.record({ type: 'closed', data: { id: parcel.id } });
}

/** What follows from a look-up: posted after all, or surely not, or never to be known. */
export function settleFind(office: Office, parcel: Parcel, found: Found): void {
  const { book, log, clock } = office;
  switch (found.kind) {
    case 'found': {
      const others = new Set([...book.parcels.values(), ...book.finished.values()].map(({ messageId }) => messageId));
      const messageId = found.messageIds.find((id) => !others.has(id));
      if (messageId === undefined) {
        recover(parcel);
        parcel.triedAt = null;
        return;
      }
      log.info({ id: parcel.id }, 'a post of uncertain outcome was found in the channel');
      return take(office, parcel, messageId, -1);
    }
    case 'refused':
      if (!parcel.blind)
        log.error({ reason: found.reason }, 'the channel’s history cannot be read: posts are repeated unseen');
      parcel.blind = true;
      return;
    case 'failed': {
      if (found.limited) return office.limit(parcel, 'find', found.retryAfterMs, found.limited);
      const now = clock.now();
      office.ways.of(parcel).outage.failed(found.reason, now);
      parcel.wait = laterWait({ from: now, forMs: found.retryAfterMs }, { from: now, forMs: office.backOff(parcel) });
      log.warn({ id: parcel.id, reason: found.reason, again: parcel.wait.forMs }, 'not looked up yet');
    }
  }
}

function take(office: Office, parcel: Parcel, messageId: string, sentVersion: number): void {
  recover(parcel);
  office.record({ type: 'posted', data: { id: parcel.id, messageId } });
  parcel.sentVersion = sentVersion;
  parcel.triedAt = null;
  parcel.sentAt = null;
  // A digest and a note leave nothing out.
  parcel.complete = parcel.kind !== 'letter' && sentVersion === parcel.version;
  if (parcel.complete && parcel.final) office.record({ type: 'closed', data: { id: parcel.id } });
  office.posted(parcel.id, messageId);
}

/** An edit that was begun after the time in which a late one could come has settled it. */
function remainingDoubt(doubt: Wait | null, triedAt: number): Wait | null {
  // The clock was set back: nobody knows how long ago it was, so the time begins anew.
  if (doubt !== null && isSetBack(doubt.from, triedAt)) return { from: triedAt, forMs: doubt.forMs };
  return waitLeft(doubt, triedAt) > 0 ? doubt : null;
}

function recover(parcel: Parcel): void {
  Object.assign(parcel, { failures: 0, failingSince: null, wait: null, aside: false });
}

function settleFailure(
  office: Office,
  parcel: Parcel,
  kind: SendKind,
  outcome: Exclude<Delivered, { kind: 'delivered' }>,
): void {
  const { clock, log, tuning } = office;
  const { outage } = office.ways.of(parcel);
  const now = clock.now();
  const { id, channel } = parcel;
  switch (outcome.kind) {
    case 'gone':
    case 'refused': {
      const reason = outcome.kind === 'gone' ? 'Discord knows no such message' : outcome.reason;
      const ofChannel = outcome.kind === 'refused' && outcome.of === 'channel';
      if (ofChannel && channel !== null) {
        const lacks = kind === 'post' || (parcel.sentVersion >= 0 && parcel.version > parcel.sentVersion);
        if (lacks) return office.giveUp(parcel, channel, reason);
        // What stands there stands: an archived thread refuses edits, and opens again for the next post.
        if (parcel.final) return office.record({ type: 'closed', data: { id } });
      }
      parcel.failingSince ??= now;
      parcel.wait = { from: now, forMs: tuning.refusedRetryMs };
      parcel.aside = true;
      office.refused(parcel, reason);
      if (ofChannel) {
        outage.failed(reason, now);
        if (kind === 'post') office.deny(parcel, ['post']);
      }
      return;
    }
    case 'unauthorised':
      outage.failed(outcome.reason, now);
      office.refused(parcel, outcome.reason);
      office.deny(parcel, ['post', 'edit']);
      return;
    case 'failed':
      outage.failed(outcome.reason, now);
      if (outcome.limited) {
        log.warn({ reason: outcome.reason, again: outcome.retryAfterMs }, 'Discord asks to wait');
        return office.limit(parcel, kind, outcome.retryAfterMs, outcome.limited);
      }
      return tryLater(office, parcel, outcome.reason, outcome.retryAfterMs);
    case 'uncertain':
      outage.failed(outcome.reason, now);
      return tryLater(office, parcel, outcome.reason, 0);
  }
}

function tryLater(office: Office, parcel: Parcel, reason: string, leastMs: number): void {
  const { clock, log, tuning } = office;
  const { outage } = office.ways.of(parcel);
  const now = clock.now();
  parcel.wait = laterWait({ from: now, forMs: leastMs }, { from: now, forMs: office.backOff(parcel) });
  // Others get through: this one is the matter, and must not hold up those behind it for ever.
  parcel.aside =
    parcel.failures >= tuning.stepAsideAfter && (outage.lastDeliveredAt ?? 0) > (parcel.failingSince ?? now);
  log.warn({ id: parcel.id, reason, again: parcel.wait.forMs }, 'not delivered yet');
}
