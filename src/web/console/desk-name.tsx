import type { DeskVisit } from './visit.tsx';

type Naming = Pick<DeskVisit, 'office' | 'people'>;

/** Returns a desk and its people, "Taula 1 · Marta Soler"; the desk alone where it is nobody's. */
export const formatDesk = ({ office, people }: Naming, desk: number): string =>
  [office.desk(desk)?.name, people.get(desk)].filter(Boolean).join(' · ');

/** A desk and its people, the people below or beside it in smaller letters. */
export function DeskName({ visit, desk }: { visit: Naming; desk: number }) {
  const who = visit.people.get(desk);
  return (
    <>
      {visit.office.desk(desk)?.name}
      {who ? <span class="desk-who"> {who}</span> : null}
    </>
  );
}
