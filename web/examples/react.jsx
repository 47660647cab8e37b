import { StrictMode, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';
import '../element.js';

function Page() {
    const clipper = useRef(null);
    const [told, tell] = useState('');
    const [mode, setMode] = useState('lossless');
    return (
        <>
            <h1>A React page</h1>
            <label>
                Mode <select value={mode} onChange={(event) => setMode(event.target.value)}>
                    <option>lossless</option>
                    <option>exact</option>
                </select>
            </label>
            <clip-wright
                ref={clipper}
                src="../sample.mp4"
                start="1"
                end="3"
                mode={mode}
                oncomplete={({ detail }) => tell(`${detail.name}, ${detail.report.size} bytes`)}
                onerror={({ detail }) => tell(detail.message)}
            />
            <button onClick={() => clipper.current.clip().catch(() => {})}>Clip from outside</button>
            <p><output id="told">{told}</output></p>
        </>
    );
}

createRoot(document.querySelector('#app')).render(<StrictMode><Page /></StrictMode>);
