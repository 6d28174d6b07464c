/** Who may do what: `reader` asks and reads, `admin` ingests. */
export type KeyKind = 'reader' | 'admin';

/** The keys that were typed in, kept until the tab is closed or they are forgotten, apart for each service. */
export class Keys {
  constructor(private readonly service: string) {}

  /** What is shown: where an admin's is wanted, the reader's may be one as well. */
  get(kind: KeyKind): string | null {
    return this.own(kind) ?? this.own('reader');
  }

  own(kind: KeyKind): string | null {
    try {
      return sessionStorage.getItem(this.name(kind));
    } catch {
      return null; // a browser that keeps nothing for this site
    }
  }

  set(kind: KeyKind, key: string | null): void {
    try {
      if (key) sessionStorage.setItem(this.name(kind), key);
      else sessionStorage.removeItem(this.name(kind));
    } catch {
      // The key is asked for again.
    }
  }

  /** Forget a key, whatever it was for; without one all. */
  forget(key?: string): void {
    for (const kind of ['reader', 'admin'] as const) if (!key || this.own(kind) === key) this.set(kind, null);
  }

  private name(kind: KeyKind): string {
    return `footnote-key:${kind}:${this.service}`;
  }
}
