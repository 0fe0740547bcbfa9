import { describe, expect, test } from 'vitest';
import type { RequestType } from '../../domain/requests/schema.ts';
import { requests } from '../../domain/requests/schema.ts';
import { discoveryOf } from './discovery.ts';
import { definitionOf, serviceOf } from './services.ts';

/** The fields of each resource, in the order of the specification (wiki.open311.org/GeoReport_v2 and /Service_Discovery). */
const SERVICE = 'service_code service_name description metadata type keywords group';
const ATTRIBUTE = 'variable code datatype required datatype_description order description';

const { fanal, soroll } = requests.parse({
  types: {
    fanal: {
      kind: 'incident',
      name: { ca: 'Fanal apagat', en: 'Street light out' },
      group: { ca: 'Via pública', en: 'Streets' },
      help: { ca: 'Un fanal que no va.', en: 'A light that does not work.' },
      keywords: { ca: ['llum', 'bombeta, LED'], en: ['lamp'] },
      questions: [
        { id: 'numero', type: 'text', label: { ca: 'Número' }, required: true },
        {
          ...{ id: 'com', type: 'choice', label: { ca: 'Com', en: 'How' }, help: { en: 'One.' } },
          options: [
            { id: 'apagat', label: { en: 'Off' } },
            { id: 'pampallugues', label: { en: 'Flickering' } },
          ],
        },
        {
          id: 'quins',
          type: 'choices',
          label: { en: 'Which' },
          options: [{ id: 'a', label: { en: 'A' } }],
        },
        { id: 'quants', type: 'number', label: { en: 'How many' } },
        { id: 'des-de', type: 'date', label: { en: 'Since' } },
      ],
    },
    soroll: { kind: 'complaint', name: { ca: 'Soroll' } },
  },
}).types as Record<string, Omit<RequestType, 'code'>>;

const light = { ...fanal, code: 'fanal' } as RequestType;

describe('a type as a service', () => {
  test('has the fields of the specification, in its order', () => {
    const service = serviceOf(light, 'en');
    expect(Object.keys(service).join(' ')).toBe(SERVICE);
    expect(service).toEqual({
      service_code: 'fanal',
      service_name: 'Street light out',
      description: 'A light that does not work.',
      metadata: true,
      type: 'realtime',
      keywords: 'lamp',
      group: 'Streets',
    });
  });

  test('says null for what the office does not declare, and needs no definition without questions', () => {
    expect(serviceOf({ ...soroll, code: 'soroll' } as RequestType, 'en')).toMatchObject({
      ...{ service_name: 'Soroll', description: null, keywords: null, group: null },
      metadata: false,
    });
  });

  test('parts keywords by commas only', () => {
    expect(serviceOf(light, 'ca')['keywords']).toBe('llum, bombeta  LED');
  });
});

describe('the questions of a type as attributes', () => {
  const { attributes } = definitionOf(light, 'en') as unknown as {
    attributes: Record<string, unknown>[];
  };

  test('have the fields of the specification, in its order; values only where one chooses', () => {
    expect(attributes.map((each) => Object.keys(each).join(' '))).toEqual([
      ...[ATTRIBUTE, `${ATTRIBUTE} values`, `${ATTRIBUTE} values`, ATTRIBUTE, ATTRIBUTE],
    ]);
    expect(attributes[1]).toEqual({
      ...{ variable: true, code: 'com', datatype: 'singlevaluelist', required: false },
      ...{ datatype_description: 'One.', order: 2, description: 'How' },
      values: [
        { key: 'apagat', name: 'Off' },
        { key: 'pampallugues', name: 'Flickering' },
      ],
    });
  });

  test('have a datatype of the specification and an order from 1 on', () => {
    expect(attributes.map((each) => each['datatype'])).toEqual([
      ...['text', 'singlevaluelist', 'multivaluelist', 'number', 'datetime'],
    ]);
    expect(attributes.map((each) => each['order'])).toEqual([1, 2, 3, 4, 5]);
  });
});

test('the discovery document has the fields of the specification', () => {
  const found = discoveryOf({
    baseUrl: 'https://seu.example',
    changedAt: Temporal.Instant.from('2026-11-30T08:15:30Z'),
    timeZone: 'Europe/Madrid',
    contact: 'oac@vilaclara.example',
    keyService: 'Ask the office.',
    isTest: false,
  }) as { endpoints: Record<string, unknown>[] };
  expect(Object.keys(found)).toEqual(['changeset', 'contact', 'key_service', 'endpoints']);
  expect(found.endpoints).toEqual([
    {
      specification: 'http://wiki.open311.org/GeoReport_v2',
      url: 'https://seu.example/open311/v2',
      changeset: '2026-11-30 09:15',
      type: 'production',
      formats: ['text/xml', 'application/json'],
    },
  ]);
});
