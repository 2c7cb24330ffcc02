import { useTexts } from '../../frame/frame.js';
import { OVERLAPS } from '../overlaps.js';

/** When a value that is replaced ends: see overlapIn(). */
export function OverlapField({ id, label }: { readonly id: string; readonly label: string }) {
  const texts = useTexts();
  return (
    <>
      <label for={id}>{label}</label>
      <select id={id} name="overlap">
        {OVERLAPS.map(({ name }) => (
          <option key={name} value={name}>
            {texts(`webhooks.overlap.${name}`)}
          </option>
        ))}
      </select>
    </>
  );
}
