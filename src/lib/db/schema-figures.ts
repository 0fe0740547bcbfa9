import type { Timestamp } from './columns.ts';

/** The tables of figures. */
export interface FigureTables {
  figure_mark: { office_id: number; event_id: number; day: string | null };
  figure_day: CountedDay;
  /** On the first day of the month that is the same day of the week. */
  figure_month: CountedDay;
  figure_item: CountedItem;
  /** On the first day of the month. */
  figure_item_month: CountedItem;
  figure_call: {
    office_id: number;
    day: string;
    calls: number;
    connected: number;
    good: number;
    fair: number;
    poor: number;
  };
  figure_other: {
    office_id: number;
    month: string;
    channel: string;
    encounters: number;
    imported_at: Timestamp;
    imported_by: string;
  };
  open_month: { office_id: number; month: string; published_at: Timestamp };
  open_figure: {
    office_id: number;
    month: string;
    position: number;
    indicator: string;
    channel: string | null;
    procedure: string | null;
    language: string | null;
    value: number | null;
  };
  open_request_month: { office_id: number; month: string; published_at: Timestamp };
  open_request_figure: {
    office_id: number;
    month: string;
    position: number;
    indicator: string;
    kind: string | null;
    type: string | null;
    area: string | null;
    value: number | null;
  };
}

interface CountedDay {
  office_id: number;
  day: string;
  channel: string;
  procedure_id: number | null;
  language: string;
  booked: number;
  fulfilled: number;
  noshow: number;
  cancelled: number;
  unkept: number;
  wait_days: number;
  contacted: number;
  punctual: number;
  late_seconds: number;
  called: number;
  attempts: number;
  closed: number;
  talked_seconds: number;
  procedures: number;
  queries: number;
  with_procedures: number;
  with_queries: number;
  unbooked: number;
  answered: number;
  solved: number[];
  scores: number[];
  by_hour: number[];
}

interface CountedItem {
  office_id: number;
  day: string;
  channel: string;
  language: string;
  kind: string;
  procedure_id: number | null;
  query: string | null;
  items: number;
}
