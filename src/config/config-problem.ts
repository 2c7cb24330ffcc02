/** A problem of one environment variable. `message` never contains a key or a password. */
export interface ConfigProblem {
  readonly variable: string;
  readonly message: string;
}
