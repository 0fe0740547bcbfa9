import { foldedName } from './lines.ts';
import type { Mapping } from './mapping.ts';

/** How an appointment stands in the other tool. `unknown`: by a status that nobody has explained. */
export type Standing = 'open' | 'cancelled' | 'over' | 'unknown';

/** Usual statuses, folded: those of a calendar (RFC 5545, 3.8.1.11), and the words of tools in our languages. */
const USUAL = {
  cancelled: [
    ...['cancelled', 'canceled', 'deleted', 'declined', 'rejected', 'withdrawn'],
    ...['cancellat', 'cancellada', 'anullat', 'anullada', 'baixa', 'eliminat', 'eliminada'],
    ...['rebutjat', 'rebutjada', 'desistit', 'desistida'],
    ...['cancelado', 'cancelada', 'anulado', 'anulada', 'baja', 'eliminado', 'eliminada'],
    ...['rechazado', 'rechazada', 'desistido', 'ezeztatua', 'ezeztatuta', 'bertanbeherautzia'],
  ],
  over: [
    ...['completed', 'done', 'finished', 'closed', 'expired', 'fulfilled', 'noshow', 'attended'],
    ...['finalitzat', 'finalitzada', 'ates', 'atesa', 'realitzat', 'realitzada', 'feta', 'acabada'],
    ...['nopresentat', 'nopresentada', 'noatesa', 'tancat', 'tancada', 'caducat', 'caducada'],
    ...['finalizado', 'finalizada', 'atendido', 'atendida', 'realizado', 'realizada', 'hecha'],
    ...['nopresentado', 'nopresentada', 'cerrado', 'cerrada', 'caducado', 'terminada', 'amaituta'],
  ],
  open: [
    ...['open', 'active', 'pending', 'confirmed', 'tentative', 'booked', 'scheduled', 'accepted'],
    ...['new', 'oberta', 'obert', 'activa', 'actiu', 'pendent', 'confirmat', 'confirmada', 'nova'],
    ...['reservat', 'reservada', 'programat', 'programada', 'assignat', 'assignada', 'citat'],
    ...['citada', 'vigent', 'acceptada', 'abierta', 'abierto', 'activo', 'pendiente', 'nueva'],
    ...['confirmado', 'reservado', 'programado', 'asignado', 'asignada', 'citado', 'vigente'],
    ...['aceptada', 'aceptado', 'irekia', 'zain', 'baieztatua', 'baieztatuta', 'erreserbatua'],
  ],
} as const;

/** Returns how an appointment of each status stands: by the mapping, or else by usual words. Without a status it is open. */
export function standings(
  mapping: Pick<Mapping, 'cancelled' | 'over' | 'open'>,
): (status: string) => Standing {
  const known = new Map<string, Standing>([['', 'open']]);
  for (const words of [USUAL, mapping])
    for (const standing of ['open', 'over', 'cancelled'] as const)
      for (const each of words[standing]) known.set(foldedName(each), standing);
  return (status) => (status === '' ? 'open' : (known.get(foldedName(status)) ?? 'unknown'));
}
