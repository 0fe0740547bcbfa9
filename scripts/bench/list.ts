import type { Bench } from '../../bench/lib/table.ts';

/**
 * The benchmarks in the order in which they run, each loaded only when it runs: an earlier commit that lacks what one of them needs can still
 * be measured by the others.
 */
export const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  availability: async () => (await import('../../bench/availability.ts')).availability,
  booking: async () => (await import('../../bench/booking.ts')).booking,
  http: async () => (await import('../../bench/http.ts')).http,
  journey: async () => (await import('../../bench/pages/journey.ts')).journey,
  load: async () => (await import('../../bench/pages/load.ts')).load,
  page: async () => (await import('../../bench/pages/page.ts')).page,
  start: async () => (await import('../../bench/start.ts')).start,
  memory: async () => (await import('../../bench/memory.ts')).memory,
  rest: async () => (await import('../../bench/rest/rest.ts')).rest,
  next: async () => (await import('../../bench/next.ts')).next,
  identify: async () => (await import('../../bench/identify.ts')).identify,
  folder: async () => (await import('../../bench/folder.ts')).folder,
  cases: async () => (await import('../../bench/cases.ts')).cases,
  chat: async () => (await import('../../bench/chat.ts')).chat,
  streams: async () => (await import('../../bench/streams.ts')).streams,
  room: async () => (await import('../../bench/room.ts')).room,
  rooms: async () => (await import('../../bench/rooms.ts')).rooms,
  documents: async () => (await import('../../bench/documents.ts')).documents,
  figures: async () => (await import('../../bench/figures.ts')).figures,
  'request-figures': async () => (await import('../../bench/figures/requests.ts')).requestFigures,
  rota: async () => (await import('../../bench/rota.ts')).rota,
  presence: async () => (await import('../../bench/presence.ts')).presence,
  towns: async () => (await import('../../bench/towns.ts')).towns,
  growth: async () => (await import('../../bench/growth/growth.ts')).growth,
  upkeep: async () => (await import('../../bench/growth/upkeep.ts')).upkeep,
  effort: async () => (await import('../../bench/effort.ts')).effort,
  crowded: async () => (await import('../../bench/large/crowded.ts')).crowded,
  failover: async () => (await import('../../bench/large/failover.ts')).failover,
  overload: async () => (await import('../../bench/large/overload.ts')).overload,
};
