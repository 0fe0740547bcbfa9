import type { OpenApiDocument } from './document.ts';

/** The parts of JSON Schema that the document uses. */
export interface Shape {
  $ref?: string;
  type?: string | string[];
  description?: string;
  example?: unknown;
  enum?: unknown[];
  items?: Shape;
  properties?: Record<string, Shape>;
  required?: string[];
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  default?: unknown;
}

export function resolveShape(document: OpenApiDocument, shape: Shape): Shape {
  if (!shape.$ref) return shape;
  const name = shape.$ref.split('/').at(-1) ?? '';
  return (document.components?.schemas?.[name] ?? {}) as Shape;
}

/** Returns a value of a schema, made of its examples. Optional parts without one are omitted. */
export function exampleOf(document: OpenApiDocument, given: Shape): unknown {
  const shape = resolveShape(document, given);
  if (shape.example !== undefined) return shape.example;
  if (shape.properties) {
    const required = new Set(shape.required);
    return Object.fromEntries(
      Object.entries(shape.properties)
        .map(([name, each]) => [name, exampleOf(document, each), required.has(name)] as const)
        .filter(([, value, isRequired]) => value !== undefined || isRequired)
        .map(([name, value]) => [name, value ?? null]),
    );
  }
  if (shape.items) {
    const item = exampleOf(document, shape.items);
    return resolveShape(document, shape.items).properties ? [item] : [];
  }
  return shape.default;
}

export interface FieldRow {
  name: string;
  what: string;
  isRequired: boolean;
  description: string;
}

/** Returns the fields of a request; nested ones by their path. */
export function fieldRows(document: OpenApiDocument, given: Shape, path = ''): FieldRow[] {
  const shape = resolveShape(document, given);
  const required = new Set(shape.required);
  return Object.entries(shape.properties ?? {}).flatMap(([name, each]) => {
    const field = resolveShape(document, each);
    const row = {
      name: `${path}${name}`,
      what: formatType(document, field),
      isRequired: required.has(name),
      description: field.description ?? '',
    };
    return [row, ...fieldRows(document, field, `${path}${name}.`)];
  });
}

/** The type of a value in a few words, such as “text, at most 120” or “phone, video”. */
export function formatType(document: OpenApiDocument, shape: Shape): string {
  if (shape.enum) return shape.enum.join(', ');
  const type = [shape.type ?? ''].flat().filter((each) => each !== 'null')[0] ?? '';
  if (shape.items) return `list of: ${formatType(document, resolveShape(document, shape.items))}`;
  if (type === 'string') return shape.maxLength ? `text, at most ${shape.maxLength}` : 'text';
  if (type === 'integer' && shape.maximum) return `${shape.minimum ?? 0} to ${shape.maximum}`;
  return type;
}
