import type { ComponentChildren } from 'preact';

export interface AppointmentCardProps {
  /** "dimecres, 9 de desembre de 2026" */
  day: string;
  /** "9:20" */
  hour: string;
  /** The instant, machine-readable. */
  start: Temporal.Instant;
  /** The channel, as a sentence. */
  channel: ComponentChildren;
  /** Further details of the channel. */
  more?: ComponentChildren;
  rows: readonly { label: string; value: ComponentChildren }[];
  /** Beside the hour: the state, except plain booked. */
  tag?: ComponentChildren;
  /** Cancelled, or over. */
  off?: boolean;
}

/** The appointment: day and hour in large type, the channel, and important details. The central element of the product. */
export function AppointmentCard(props: AppointmentCardProps) {
  return (
    <div class={props.off ? 'card off' : 'card'}>
      {props.tag ? <p>{props.tag}</p> : null}
      <p class="when">
        {/* In Firefox, Orca reads no <time> that has a block in it. */}
        <time dateTime={props.start.toString()}>{props.day}</time>{' '}
        <span class="hour figures">{props.hour}</span>
      </p>
      <p class="lead">{props.channel}</p>
      {props.more ? <p>{props.more}</p> : null}
      <dl>
        {props.rows.map((row) => (
          <div key={row.label}>
            <dt>{row.label}</dt>
            <dd>{row.value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
