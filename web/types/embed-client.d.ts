import type { ClipWrightEvents, ClipwrightError } from './element.js';
import type { Clip } from './types/web/embed-client.js';

export * from './types/web/embed-client.js';

type Events = Omit<ClipWrightEvents, 'complete' | 'error'> & { complete: Clip; error: ClipwrightError };

declare module './types/web/embed-client.js' {
    interface EmbeddedClipper {
        addEventListener<T extends keyof Events>(type: T, listener: (event: CustomEvent<Events[T]>) => void, options?: boolean | AddEventListenerOptions): void;
        addEventListener(type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | AddEventListenerOptions): void;
    }
}
