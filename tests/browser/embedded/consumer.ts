// Compiled by test_layout.py against dist/, as strictly as tsc can: what people write must be understood.
import { Clipwright, ClipwrightError, type Media, type Plan, type Report } from '../../../dist/clipwright.js';
import { addWords, ClipWrightElement, type ClipWrightEvents } from '../../../dist/element.js';
import { embed, type Clip } from '../../../dist/embed-client.js';

export async function api(file: File): Promise<Blob> {
    const app = await Clipwright.start({ base: new URL('https://clips.example/') });
    const media: Media = await app.open(file);
    const plan: Plan = await app.plan(media, { start: '1:30', end: 165, mode: 'smart' });
    const result = await app.clip(media, { container: 'mp4' }, { onProgress: ({ done, eta_s }) => console.log(done * 100, eta_s?.toFixed(1)) });
    const report: Report = result.report;
    const cut = await app.cut([media], { segments: [{ start: '1:30', end: 200, label: plan.name }], join: true });
    // @ts-expect-error there is no such mode
    await app.clip(media, { mode: 'fast' });
    await app.close();
    return report.size > 0 ? result.blob() : cut.zip();
}

export function element(): ClipWrightElement {
    const clipper = document.createElement('clip-wright');
    clipper.mode = 'exact';
    clipper.theme = 'dark';
    clipper.start = '0:10';
    clipper.addEventListener('complete', async ({ detail }) => {
        const blob: Blob = await detail.blob();
        console.log(detail.name.toUpperCase(), blob.size, detail.report.copied.length);
    });
    clipper.addEventListener('error', ({ detail }) => console.log(detail instanceof ClipwrightError, detail.hint.length));
    clipper.addEventListener('click', (event) => event.preventDefault());
    // @ts-expect-error a change has no such fact
    clipper.addEventListener('change', ({ detail }) => detail.nothing);
    // @ts-expect-error read-only
    clipper.state = 'open';
    addWords('fr', { clip: 'Couper' });
    void clipper.clip({ duration: 10, signal: new AbortController().signal }).then((result) => result.saveTo);
    return clipper;
}

export async function frame(place: Element, file: File): Promise<Clip> {
    const clipper = embed(place, { url: 'https://clips.example/embed.html', mode: 'lossless', lang: 'de' });
    clipper.addEventListener('change', ({ detail }) => console.log(detail.start_us + 1));
    await clipper.open(file);
    await clipper.set({ start: '1:30', end: null });
    // @ts-expect-error the frame fetches nothing
    await clipper.set({ src: 'x' });
    return clipper.clip();
}

export const told: (keyof ClipWrightEvents)[] = ['ready', 'change', 'progress', 'complete', 'error'];
