import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiEnv } from './gate.ts';

export type OpenApiDocument = ReturnType<OpenAPIHono['getOpenAPI31Document']>;

/** The OpenAPI 3.1 document of what is registered on `api`. */
export function document(api: OpenAPIHono<ApiEnv>, baseUrl: string): OpenApiDocument {
  api.openAPIRegistry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    description: 'A token of one body: finestreta token create --body CODE --name NAME',
  });
  return api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Finestreta',
      version: '1',
      description:
        'Appointments by phone and video between a town and its citizens. Problems are RFC 9457 with a stable type.',
      license: { name: 'EUPL-1.2', url: 'https://joinup.ec.europa.eu/collection/eupl' },
    },
    servers: [{ url: baseUrl }],
    tags: [
      { name: 'Catalogue', description: 'What there is to book.' },
      { name: 'Booking', description: 'From free times to an appointment.' },
      { name: 'Appointments', description: 'What was booked.' },
    ],
  });
}
