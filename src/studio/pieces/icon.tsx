// The icons, drawn on a grid of 16.

const paths = {
  file: "M4 1.5h5l3.5 3.5v9.5h-8.5zM9 1.5v3.5h3.5",
  camera: "M1.5 4.5h3l1.2-2h4.6l1.2 2h3v9h-13zM8 11.5a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.5z",
  save: "M8 1.5v8.5M4.5 6.8 8 10.3l3.5-3.5M2 13.5h12",
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.7 10.7 14.5 14.5",
  close: "M3 3l10 10M13 3 3 13",
  play: "M4.5 2.5 13 8l-8.5 5.5z",
  pause: "M5 2.5v11M11 2.5v11",
  stop: "M3.5 3.5h9v9h-9z",
  plus: "M8 2.5v11M2.5 8h11",
  minus: "M2.5 8h11",
  down: "M3.5 6 8 10.5 12.5 6",
  right: "M6 3.5 10.5 8 6 12.5",
  widen: "M6 3 1.5 8 6 13M10 3l4.5 5L10 13M1.5 8h13",
  cube: "M8 1.5 14 5v6l-6 3.5L2 11V5zM2 5l6 3.5L14 5M8 8.5v6",
  warning: "M8 2 15 14H1zM8 6.5v3.5M8 11.8v.4",
  eye: "M1 8s2.7-4.5 7-4.5S15 8 15 8s-2.7 4.5-7 4.5S1 8 1 8zM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  grid: "M2 2h5v5H2zM9 2h5v5H9zM2 9h5v5H2zM9 9h5v5H9z",
  wave: "M1.5 8c1.6-5 3.2-5 4.9 0s3.200 5 4.800 0 2.400-4 3.300-4",
  layers: "M8 2 14.500 5.500 8 9 1.500 5.500zM1.500 8.500 8 12l6.500-3.500M1.500 11.300 8 14.800l6.500-3.500",
  dice: "M3 2.500h10v11H3zM6 6v.1M10 10v.1M8 8v.1",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
