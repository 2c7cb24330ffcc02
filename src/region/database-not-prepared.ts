/**
 * A process that only serves lacks something in its database that another process or a command of the operator gives it.
 * It waits: nothing of its own configuration is wrong.
 */
export class DatabaseNotPrepared extends Error {
  override readonly name = 'DatabaseNotPrepared';
}
