import type { Details } from '../person.ts';
import type { TownProcedure } from './schema.ts';

/** A document that a procedure asks for. */
export type RequestedDocument = TownProcedure['documents'][number];

/**
 * Returns the documents that a booking asks for. Those of somebody who acts for another person are asked for only if the booking names that
 * person.
 */
export const documentsFor = (
  { documents }: Pick<TownProcedure, 'documents'>,
  { onBehalfOf }: Pick<Details, 'onBehalfOf'>,
): RequestedDocument[] => documents.filter((each) => !each.onlyOnBehalf || onBehalfOf !== null);
