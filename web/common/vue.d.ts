// Any element may carry data of ours for the style sheet to show.
export {}

declare module 'vue' {
  interface HTMLAttributes {
    [data: `data-${string}`]: string | undefined
  }
}
