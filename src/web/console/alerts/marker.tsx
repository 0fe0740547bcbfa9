import type { AlertChoice } from '../../../features/foundation/preferences/types.ts';

interface AlertsMarkerProps {
  /** `/console/oac` */
  base: string;
  /** What the tabs of one person in one office have in common. */
  share: string;
  chosen: readonly AlertChoice[];
}

/** Tells the `console` island how this person is alerted, on every page of an office. */
export function AlertsMarker({ base, share, chosen }: AlertsMarkerProps) {
  if (!chosen.some((each) => each !== 'names')) return null;
  return (
    <div
      id="alerts"
      hidden
      data-from={`${base}/alerts`}
      data-share={share}
      data-chosen={chosen.join(' ')}
    />
  );
}
