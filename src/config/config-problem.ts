/** One thing wrong with one variable. */
export interface ConfigProblem {
  readonly variable: string;
  readonly message: string;
}
