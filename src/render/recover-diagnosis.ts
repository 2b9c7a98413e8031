import type { Diagnosis } from '../recovery/diagnosis.ts';
import { joinLines } from './join-lines.ts';
import type { Message } from './message.ts';
import { proseUntrusted } from './untrusted.ts';

/** What was found, and why it leads to this and to nothing else. Pure. */
export function describeDiagnosis({ headline, reasons }: Diagnosis): readonly string[] {
  return [`**${proseUntrusted(headline, 300)}**`, ...(reasons.length === 0 ? [] : [listWords(reasons, 900)])];
}

/** Each sentence on a line of its own, as many as `room` has. */
export function listWords(sentences: readonly string[], room: number): string {
  return joinLines(
    sentences.map((sentence) => `- ${proseUntrusted(sentence, 280)}`),
    room,
  );
}

/** Another command's answer, with the diagnosis that led to it above. Pure. */
export function withDiagnosis(message: Message, diagnosis: Diagnosis | null): Message {
  const { embed } = message;
  if (diagnosis === null || embed === undefined) return message;
  const description = [...describeDiagnosis(diagnosis), ...(embed.description ? ['', embed.description] : [])];
  return { ...message, embed: { ...embed, description: description.join('\n') } };
}
