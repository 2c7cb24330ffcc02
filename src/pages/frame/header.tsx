import { useFrame } from './frame.js';

/** A page of the same account. */
export interface NavItem {
  readonly href: string;
  readonly label: string;
  readonly isCurrent: boolean;
}

/** Whose page it is, and the way around for those who have one. */
export function Header({ nav }: { readonly nav: readonly NavItem[] }) {
  const { texts } = useFrame();
  return (
    <header>
      {nav.length > 0 && (
        <a class="skip" href="#content">
          {texts('frame.skip')}
        </a>
      )}
      <Name />
      {nav.length > 0 && <Nav items={nav} />}
    </header>
  );
}

function Name() {
  const { brand, tenant } = useFrame();
  const { logo, logoDark, productName } = brand;
  if (logo === null) {
    return (
      <p class="brand">
        {tenant.customDomain === null ? <Mark /> : <NeutralMark />}
        <bdi>{productName}</bdi>
      </p>
    );
  }
  return (
    <p class="brand">
      <picture>
        {logoDark !== null && (
          <source
            srcset={logoDark.path}
            media="(prefers-color-scheme: dark)"
            width={logoDark.width}
            height={logoDark.height}
          />
        )}
        <img src={logo.path} alt={productName} width={logo.width} height={logo.height} />
      </picture>
    </p>
  );
}

/** A gate with a keyhole, as in icons/mark.svg. */
function Mark() {
  return (
    <svg viewBox="5 4 22 23" fill="none" aria-hidden="true">
      <path
        d="M8.5 25V14.5a7.5 7.5 0 0 1 15 0V25"
        stroke="currentColor"
        stroke-width="2.6"
        stroke-linecap="round"
      />
      <path
        d="M16 12.3a2.9 2.9 0 0 1 1.4 5.4l.8 6a.9.9 0 0 1-.9 1h-2.6a.9.9 0 0 1-.9-1l.8-6a2.9 2.9 0 0 1 1.4-5.4z"
        fill="currentColor"
      />
    </svg>
  );
}

/** A closed envelope, as in icons/neutral.svg. */
function NeutralMark() {
  return (
    <svg
      viewBox="4 4 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2.2"
      aria-hidden="true"
    >
      <rect x="6.5" y="9.5" width="19" height="13.5" rx="2.4" />
      <path
        d="m7.5 11.2 7.1 5.7a2.2 2.2 0 0 0 2.8 0l7.1-5.7"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}

function Nav({ items }: { readonly items: readonly NavItem[] }) {
  return (
    <nav>
      <ul class="nav">
        {items.map(({ href, label, isCurrent }) => (
          <li key={href}>
            <a href={href} aria-current={isCurrent ? 'page' : undefined}>
              {label}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
