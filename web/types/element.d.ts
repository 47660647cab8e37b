import type { ClipWrightElement, ClipWrightEvents } from './types/web/element.js';

export * from './types/web/element.js';

declare module './types/web/element.js' {
    interface ClipWrightElement {
        addEventListener<T extends keyof ClipWrightEvents>(type: T, listener: (event: CustomEvent<ClipWrightEvents[T]>) => void, options?: boolean | AddEventListenerOptions): void;
        addEventListener(type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | AddEventListenerOptions): void;
    }
}

declare global {
    interface HTMLElementTagNameMap {
        'clip-wright': ClipWrightElement;
    }
}
