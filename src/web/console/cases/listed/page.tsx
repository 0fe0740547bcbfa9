import type { ComponentChildren } from 'preact';
import { BackLink } from '../../../../ui/parts.tsx';
import type { DeskVisit } from '../../visit.tsx';

/** Shows a list beside the inbox of cases. */
export const showListed = (
  visit: DeskVisit,
  { title, lead }: { title: string; lead: string },
  children: ComponentChildren,
): Response =>
  visit.show(
    { title },
    <div class="numbers cases">
      <BackLink href={`${visit.base}/cases`}>{visit.t('caseDesk.title')}</BackLink>
      <h1 id="action" tabIndex={-1}>
        {title}
      </h1>
      <p class="lead">{lead}</p>
      {children}
    </div>,
  );
