import { createApp, h, ref } from 'vue';
import '../element.js';

// Render functions need no compiler at run time, and so no `unsafe-eval`. In a template it is the same:
// <clip-wright src="../sample.mp4" :mode="mode" @complete="complete" />, with isCustomElement: (tag) => tag === 'clip-wright'.
const Page = {
    setup() {
        const clipper = ref(null);
        const told = ref('');
        return () => [
            h('h1', 'A Vue page'),
            h('clip-wright', {
                ref: clipper,
                src: '../sample.mp4',
                start: '1',
                end: '3',
                mode: 'smart',
                onComplete: ({ detail }) => (told.value = `${detail.name}, ${detail.report.size} bytes`),
                onError: ({ detail }) => (told.value = detail.message),
            }),
            h('button', { onClick: () => clipper.value.clip().catch(() => {}) }, 'Clip from outside'),
            h('p', h('output', { id: 'told' }, told.value)),
        ];
    },
};

createApp(Page).mount('#app');
