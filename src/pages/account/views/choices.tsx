interface ChoicesProps<Name extends string> {
  readonly legend: string;
  /** Each is the name of its box. */
  readonly names: readonly Name[];
  readonly chosen: readonly Name[];
  readonly labelOf: (name: Name) => string;
}

/** Any number of a few. */
export function Choices<Name extends string>(props: ChoicesProps<Name>) {
  const { legend, names, chosen, labelOf } = props;
  return (
    <fieldset>
      <legend>{legend}</legend>
      {names.map((name) => (
        <label key={name} class="choice">
          <input type="checkbox" name={name} value="yes" checked={chosen.includes(name)} />{' '}
          {labelOf(name)}
        </label>
      ))}
    </fieldset>
  );
}
