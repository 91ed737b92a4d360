// window.ts - which rows of a long list the page shows now: only those are in the document.
import { computed, onActivated, onBeforeUnmount, onDeactivated, onMounted, ref, watch, type Ref } from 'vue'

const beyond = 8 // rows kept above and below what is seen

/** `place` holds rows of `row_px()` each, `count()` of them, in a page that scrolls. */
export function use_window(place: Ref<HTMLElement | undefined>, count: () => number, row_px: () => number) {
  const from = ref(0)
  const to = ref(0)
  let asked = 0

  function look(): void {
    asked = 0
    const box = place.value?.getBoundingClientRect()
    if (!box) return
    const height = row_px()
    from.value = Math.max(0, Math.min(count() - 1, Math.floor(-box.top / height) - beyond))
    to.value = Math.min(count(), Math.ceil((innerHeight - box.top) / height) + beyond)
  }
  const look_soon = () => { asked ||= requestAnimationFrame(look) }

  /** Scrolls as little as needed for a row to be seen whole, below `head_px` that cover the top. */
  function show(index: number, head_px: number): void {
    const box = place.value?.getBoundingClientRect()
    if (!box) return
    const top = box.top + index * row_px()
    const over = top < head_px + 4 ? top - head_px - 4 : top + row_px() > innerHeight - 8 ? top + row_px() - innerHeight + 8 : 0
    if (over) scrollBy({ top: over, behavior: 'instant' })
    look()
  }

  const listen = () => { addEventListener('scroll', look_soon, { passive: true }); addEventListener('resize', look_soon); look_soon() }
  const leave = () => { removeEventListener('scroll', look_soon); removeEventListener('resize', look_soon); cancelAnimationFrame(asked); asked = 0 }
  onMounted(listen)
  onActivated(listen)
  onDeactivated(leave)
  onBeforeUnmount(leave)
  watch([place, count, row_px], look, { flush: 'post' })
  return { from, to, show, before_px: computed(() => from.value * row_px()), after_px: computed(() => Math.max(0, count() - to.value) * row_px()) }
}
