import type { OpenAPIHono } from '@hono/zod-openapi';
import { createEventFeed } from '../../features/booking/webhooks/service.ts';
import { getCaseEvents, getEvents } from './definitions.ts';
import type { ApiDeps } from './deps.ts';
import type { ApiEnv } from './gate.ts';
import { formatCaseEvent } from './shapes/cases.ts';
import { formatEvent } from './words.ts';

/** Registers the list of an office's events, for systems that missed a webhook. */
export function events(api: OpenAPIHono<ApiEnv>, { unit }: ApiDeps): void {
  const feed = createEventFeed(unit);
  api.openapi(getEvents, async (c) => {
    const office = c.get('office');
    const { after, limit } = c.req.valid('query');
    const found = await feed.read(c.get('viewer'), office.id, { after, most: limit });
    const said = found.map(({ event, appointment }) => formatEvent(event, appointment, office));
    return c.json({ events: said, next: said.at(-1)?.event ?? after }, 200);
  });

  api.openapi(getCaseEvents, async (c) => {
    const office = c.get('office');
    const { after, limit } = c.req.valid('query');
    const found = await feed.readCases(c.get('viewer'), office.id, { after, most: limit });
    const said = found.map(({ event, told }) => formatCaseEvent(event, told, office));
    return c.json({ events: said, next: said.at(-1)?.event ?? after }, 200);
  });
}
