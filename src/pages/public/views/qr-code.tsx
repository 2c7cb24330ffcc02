import encodeQr from 'qr';

/** Modules of quiet zone around the code (ISO/IEC 18004). */
const BORDER = 4;

interface QrCodeProps {
  readonly text: string;
  readonly label: string;
}

/** A QR code in the page itself: nothing is loaded, and no other service sees the text. */
export function QrCode({ text, label }: QrCodeProps) {
  const modules = encodeQr(text, 'raw', { border: BORDER });
  const size = modules.length;
  const dark = modules.flatMap((row, y) =>
    row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])),
  );
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <rect width={size} height={size} fill="#fff" />
      <path d={dark.join('')} fill="#000" shape-rendering="crispEdges" />
    </svg>
  );
}
