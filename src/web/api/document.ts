import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { WEBHOOK_KINDS } from '../../features/booking/webhooks/types.ts';
import { webhookMessage } from './event-schemas.ts';
import type { ApiEnv } from './gate.ts';

export type OpenApiDocument = ReturnType<OpenAPIHono['getOpenAPI31Document']>;

/** The OpenAPI 3.1 document of what is registered on `api`. */
export function document(api: OpenAPIHono<ApiEnv>, baseUrl: string): OpenApiDocument {
  api.openAPIRegistry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    description: 'A token of one office: finestreta token create --office CODE --name NAME',
  });
  for (const kind of WEBHOOK_KINDS) registerWebhook(api, kind);
  return api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Finestreta',
      version: '1',
      description:
        'Appointments by phone, by video and in person between a town and its citizens. Problems are RFC 9457 with a stable type.',
      license: { name: 'EUPL-1.2', url: 'https://joinup.ec.europa.eu/collection/eupl' },
    },
    servers: [{ url: baseUrl }],
    tags: [
      { name: 'Catalogue', description: 'What there is to book.' },
      { name: 'Booking', description: 'From free times to an appointment.' },
      { name: 'Appointments', description: 'What was booked.' },
      { name: 'Events', description: 'What happened to it.' },
    ],
  });
}

/** Registers the request that a webhook's receiver gets (Standard Webhooks). */
function registerWebhook(api: OpenAPIHono<ApiEnv>, kind: (typeof WEBHOOK_KINDS)[number]): void {
  api.openAPIRegistry.registerWebhook({
    method: 'post',
    path: `appointment.${kind}`,
    summary: `An appointment: ${kind}`,
    request: {
      headers: z.object({
        'webhook-id': z.string().openapi({ description: 'The same at every try.' }),
        'webhook-timestamp': z.string().openapi({ description: 'Seconds since 1970.' }),
        'webhook-signature': z.string().openapi({ description: 'One or two, by a space.' }),
      }),
      body: { content: { 'application/json': { schema: webhookMessage } } },
    },
    responses: { 204: { description: 'Taken; any 2xx will do.' } },
  });
}
