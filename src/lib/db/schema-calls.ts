import type { Identity, Json, NullableTimestamp, Timestamp } from './columns.ts';

/** The tables of calls by telephone and video. */
export interface CallTables {
  call: {
    id: string;
    office_id: number;
    desk_id: number | null;
    appointment_id: string | null;
    attempt: number | null;
    direction: string;
    ended_at: Timestamp;
    rang_seconds: number;
    talked_seconds: number | null;
    status: number | null;
    ended_by: string;
    codec: string | null;
    loss_percent: number | null;
    rtt_ms: number | null;
    jitter_ms: number | null;
  };
  call_quality: {
    id: string;
    office_id: number;
    encounter_id: string | null;
    call_id: string;
    side: string;
    whom: string;
    ended_at: Timestamp;
    seconds: number;
    path: string | null;
    first_frame_ms: number | null;
    loss_percent: number | null;
    rtt_ms: number | null;
    fps: number | null;
    freezes: number | null;
    frozen_seconds: number | null;
    reconnections: number;
    audio_only_seconds: number;
    width: number | null;
    height: number | null;
    word: string;
  };
  colleague_request: {
    id: string;
    office_id: number;
    appointment_id: string;
    kind: string;
    from_staff: number;
    from_name: string;
    to_staff: number;
    to_desk: number | null;
    to_name: string;
    note: string;
    asked_at: Timestamp;
    answer: string | null;
    answered_at: NullableTimestamp;
    ended_at: NullableTimestamp;
  };
  seat: {
    id: string;
    office_id: number;
    appointment_id: string;
    side: string;
    companion_id: string | null;
    colleague_id: string | null;
    staff_id: number | null;
    since: Timestamp;
    seen_at: Timestamp;
    left_at: NullableTimestamp;
  };
  signal: {
    id: Identity;
    office_id: number;
    seat_id: string;
    from_seat: string;
    at: Timestamp;
    data: Json;
  };
  companion: {
    id: string;
    office_id: number;
    appointment_id: string;
    name: string;
    role: string;
    made_at: Timestamp;
    made_by: string;
    admitted_at: NullableTimestamp;
    revoked_at: NullableTimestamp;
  };
  message: {
    id: string;
    office_id: number;
    encounter_id: string;
    number: Identity;
    at: Timestamp;
    author: string;
    companion_id: string | null;
    colleague_id: string | null;
    text: string;
  };
  device_test: {
    appointment_id: string;
    office_id: number;
    at: Timestamp;
    camera: string | null;
    microphone: string | null;
    speaker: string | null;
    network: string | null;
    family: string;
    system: string;
  };
}
