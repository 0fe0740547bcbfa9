import type { Path } from './source.ts';

/** A value at a path of the file, of any form. A missing value is a spot too. */
export class Spot {
  readonly value: unknown;
  readonly path: Path;

  constructor(value: unknown, path: Path) {
    this.value = value;
    this.path = path;
  }

  exists(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  isGroup(): boolean {
    return typeof this.value === 'object' && this.value !== null && !Array.isArray(this.value);
  }

  has(key: string): boolean {
    return this.isGroup() && Object.hasOwn(this.value as object, key);
  }

  get(key: string): Spot {
    const value = this.has(key) ? (this.value as Record<string, unknown>)[key] : undefined;
    return new Spot(value, [...this.path, key]);
  }

  /** Returns the entries of a group; an empty list for other values. */
  entries(): [string, Spot][] {
    if (!this.isGroup()) return [];
    return Object.keys(this.value as object).map((key) => [key, this.get(key)]);
  }

  /** Returns the items of a list; an empty list for other values. */
  items(): Spot[] {
    if (!Array.isArray(this.value)) return [];
    return this.value.map((item, index) => new Spot(item, [...this.path, index]));
  }

  children(): [string | number, Spot][] {
    return this.isGroup() ? this.entries() : this.items().map((item, index) => [index, item]);
  }

  text(): string | undefined {
    return typeof this.value === 'string' ? this.value : undefined;
  }

  number(): number | undefined {
    return typeof this.value === 'number' ? this.value : undefined;
  }

  /** Returns the texts of a list. */
  strings(): string[] {
    return this.items().flatMap((item) => item.text() ?? []);
  }
}
