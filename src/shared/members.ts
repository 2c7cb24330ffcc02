interface Place<Member> {
  /** Null: it has left. */
  member: Member | null;
  before: Place<Member>;
  after: Place<Member>;
}

/**
 * What comes and goes all the time, such as requests and connections, in the order in which it came. Use it in place of a Set
 * or a Map of objects: V8 leaves the table of those behind whenever it is full, with what is in it, and each old table keeps
 * the next one. Once one of them is in the old generation, most of what was ever added stays until that is collected. Here
 * one that has left is kept by nothing.
 */
export class Members<Member extends object> {
  /** The place before the first and after the last: without a member. */
  readonly #end: Place<Member>;
  #size = 0;

  constructor() {
    this.#end = placeOf<Member>(null);
  }

  get size(): number {
    return this.#size;
  }

  /** Null: there is none. */
  get first(): Member | null {
    return this.#end.after.member;
  }

  /** Returns how the member leaves; false: it had left. */
  add(member: Member): () => boolean {
    const place = placeOf(member);
    link(this.#end.before, place);
    link(place, this.#end);
    this.#size += 1;
    return () => {
      if (place.member === null) return false;
      link(place.before, place.after);
      // Nor does one that has left keep its neighbours.
      place.before = place.after = place;
      place.member = null;
      this.#size -= 1;
      return true;
    };
  }

  /** Those that are there now. Any may leave before its turn. */
  *[Symbol.iterator](): Generator<Member> {
    const places: Place<Member>[] = [];
    for (let at = this.#end.after; at !== this.#end; at = at.after) places.push(at);
    for (const { member } of places) if (member !== null) yield member;
  }
}

function placeOf<Member>(member: Member | null): Place<Member> {
  const place = { member } as Place<Member>;
  place.before = place.after = place;
  return place;
}

function link<Member>(before: Place<Member>, after: Place<Member>): void {
  before.after = after;
  after.before = before;
}
