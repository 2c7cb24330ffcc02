type SnakeKey<Key> = Key extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeKey<Rest>}`
  : Key;

/** The type of toSnakeCase()'s result. */
export type SnakeCased<Value> = Value extends Date
  ? string
  : Value extends readonly (infer Item)[]
    ? SnakeCased<Item>[]
    : Value extends object
      ? { [Key in keyof Value as SnakeKey<Key>]: SnakeCased<Value[Key]> }
      : Value;

/** `nextAt` becomes `next_at` at every depth, and a Date becomes ISO 8601. For plain data whose keys are our own names. */
export function toSnakeCase<Value>(value: Value): SnakeCased<Value> {
  return convert(value) as SnakeCased<Value>;
}

function convert(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(convert);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [snakeKey(key), convert(item)]),
  );
}

function snakeKey(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
