/** More than there are names, whatever is converted. */
const NAMES_MAX = 1000;

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
  const converted: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) converted[snakeKey(key)] = convert(item);
  return converted;
}

/** By our own name: a page of domains has thousands of keys, and some fifty names. */
const snakeKeys = new Map<string, string>();

function snakeKey(key: string): string {
  const known = snakeKeys.get(key);
  if (known !== undefined) return known;
  const snake = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  if (snakeKeys.size < NAMES_MAX) snakeKeys.set(key, snake);
  return snake;
}
