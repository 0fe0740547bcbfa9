import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { APPOINTMENT_KINDS, CASE_KINDS } from '../../features/booking/webhooks/types.ts';
import { webhookMessage } from './event-schemas.ts';
import type { ApiEnv } from './gate.ts';
import { caseMessage } from './shapes/cases.ts';

export type OpenApiDocument = ReturnType<OpenAPIHono['getOpenAPI31Document']>;

/** All towns have the same, but for its address; making it takes as long as all the rest of opening a town. */
let shared: OpenApiDocument | null = null;

/** The OpenAPI 3.1 document of what is registered on `api`. */
export function document(api: OpenAPIHono<ApiEnv>, baseUrl: string): OpenApiDocument {
  shared ??= documentOf(api);
  const { openapi, info, ...others } = shared;
  return { openapi, info, servers: [{ url: baseUrl }], ...others };
}

function documentOf(api: OpenAPIHono<ApiEnv>): OpenApiDocument {
  api.openAPIRegistry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    description: 'A token of one office: finestreta token create --office CODE --name NAME',
  });
  api.openAPIRegistry.registerComponent('securitySchemes', 'signature', {
    type: 'apiKey',
    in: 'header',
    name: 'webhook-signature',
    description: 'Standard Webhooks: HMAC-SHA-256 by the secret of the webhook. Check it first.',
  });
  for (const kind of APPOINTMENT_KINDS)
    registerWebhook(api, {
      path: `appointment.${kind}`,
      summary: `An appointment: ${kind}`,
      schema: webhookMessage,
    });
  for (const kind of CASE_KINDS)
    registerWebhook(api, {
      path: kind,
      summary: `A case: ${kind.replace('case.', '')}`,
      schema: caseMessage,
    });
  return api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Finestreta',
      version: '1',
      description:
        'Appointments by phone, by video and in person between a town and its citizens, and their procedures on-line. Problems are RFC 9457 with a stable type.',
      license: { name: 'EUPL-1.2', url: 'https://joinup.ec.europa.eu/collection/eupl' },
    },
    tags: [
      { name: 'Catalogue', description: 'What there is to book.' },
      { name: 'Booking', description: 'From free times to an appointment.' },
      { name: 'Appointments', description: 'What was booked.' },
      { name: 'Cases', description: 'Procedures on-line, from the first answer to the decision.' },
      { name: 'Events', description: 'What happened to it.' },
    ],
  });
}

/** Registers the request that a webhook's receiver gets (Standard Webhooks). */
function registerWebhook(
  api: OpenAPIHono<ApiEnv>,
  { path, summary, schema }: { path: string; summary: string; schema: z.ZodType },
): void {
  api.openAPIRegistry.registerWebhook({
    method: 'post',
    path,
    operationId: `receive${path.replaceAll(/(?:^|[._])(\w)/g, (_, letter: string) => letter.toUpperCase())}`,
    security: [{ signature: [] }],
    summary,
    request: {
      headers: z.object({
        'webhook-id': z.string().openapi({ description: 'The same at every try.' }),
        'webhook-timestamp': z.string().openapi({ description: 'Seconds since 1970.' }),
        'webhook-signature': z.string().openapi({ description: 'One or two, by a space.' }),
      }),
      body: { content: { 'application/json': { schema } } },
    },
    responses: { 204: { description: 'Taken; any 2xx will do.' } },
  });
}
