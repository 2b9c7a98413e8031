import { z } from 'zod';
import { maskStatement } from '../model/mask-statement.ts';

/** `pg_catalog.left(query, 4000)`, masked while it is parsed: the text as it was leaves this room nowhere. Null where hidden or none. */
export const statementSchema = z
  .string()
  .nullable()
  .transform((query) => (query === null ? '' : maskStatement(query)) || null);
