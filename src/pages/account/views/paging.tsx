interface PagingProps {
  readonly path: string;
  readonly older: string;
  readonly newest: string;
  readonly isFirst: boolean;
  /** Null: there are no older ones. */
  readonly nextCursor: string | null;
}

/** From page to page of a list that begins with what is newest. */
export function Paging({ path, older, newest, isFirst, nextCursor }: PagingProps) {
  if (isFirst && nextCursor === null) return null;
  return (
    <ul class="languages">
      {!isFirst && (
        <li>
          <a href={path}>{newest}</a>
        </li>
      )}
      {nextCursor !== null && (
        <li>
          <a href={`${path}?cursor=${encodeURIComponent(nextCursor)}`}>{older}</a>
        </li>
      )}
    </ul>
  );
}
