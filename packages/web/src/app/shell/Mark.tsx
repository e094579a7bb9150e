/** The mark: the ridge over the lake. */
export const Mark = ({ size = 28 }: { size?: number }) => (
  <svg
    width={size}
    height={size}
    viewBox="0 0 28 28"
    fill="none"
    strokeWidth="2"
    strokeLinejoin="round"
    strokeLinecap="round"
    aria-hidden="true"
  >
    <path d="M2.5 18 8 8.5l3 4L14.5 6l3.5 6 2-2.5 5.5 8.5" stroke="var(--ink)" />
    <path d="M4.5 21.5h19M8.5 25h11" stroke="var(--lake-hover)" />
  </svg>
)
