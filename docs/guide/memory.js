// The calculator of memory.md: how many bytes a session's memory takes, computed as the library takes them. `tests/calculator.rs`
// compares with what the library takes, by trying. Nothing is sent anywhere.
"use strict";

{
    /** Beside its name, value and path a cookie has this in front, and between name and value one `=`. */
    const HEADER = 16;

    /** The fields whose values are in the memory while the reply is read. */
    const OF_INTEREST = ["connection", "content-length", "transfer-encoding", "content-encoding", "content-type", "date", "location",
        "retry-after", "set-cookie"];

    /** Those that a call keeps for its caller until the next exchange. */
    const KEPT = ["content-type", "location"];

    const bytes = (text) => new TextEncoder().encode(text).length;

    /** What a trace shows of a head, with as many letters where a secret is hidden. */
    const shown = (head) => head.replace(/^< /gm, "").replace(/ ?\*\*\* \((\d+) bytes\)/g, (_, length) => "x".repeat(Number(length)));

    /** The fields of a head that are of interest, each with its name in lower case and what stands behind the colon. */
    function fields(head) {
        return shown(head).split(/\r?\n/).filter((line) => line.includes(":")).map((line) => {
            const colon = line.indexOf(":");
            return { name: line.slice(0, colon).trim().toLowerCase(), value: line.slice(colon + 1) };
        }).filter((field) => OF_INTEREST.includes(field.name));
    }

    /** What tells a cookie from others, and what it takes; none where it is ignored. */
    function cookie(value, defaultPath) {
        const [pair, ...attributes] = value.split(";").map((part) => part.trim());
        const [name, content] = pair.includes("=") ? [pair.slice(0, pair.indexOf("=")).trim(), pair.slice(pair.indexOf("=") + 1).trim()] : ["", pair];
        if (name === "" && content === "") return null; // RFC 6265bis has it ignored
        let path = defaultPath;
        let domain = "";
        for (const attribute of attributes) {
            const [key, ...rest] = attribute.split("=");
            const said = rest.join("=").trim();
            if (key.trim().toLowerCase() === "path") path = said.startsWith("/") ? said : defaultPath;
            if (key.trim().toLowerCase() === "domain") domain = said.replace(/^\./, "").toLowerCase();
        }
        return { id: JSON.stringify([name, domain, path]), size: HEADER + (name ? bytes(name) + 1 : 0) + bytes(content) + bytes(path) };
    }

    /** What a reply takes at the most while it comes, in a session whose cookies take `before`, and what its own cookies take then. */
    function reply(head, before, isCall, defaultPath) {
        const staged = new Map();
        let [most, kept] = [before, 0];
        const all = () => [...staged.values()].reduce((sum, size) => sum + size, before);
        for (const field of fields(head)) {
            most = Math.max(most, all() + HEADER + bytes(field.value));
            if (field.name === "set-cookie") {
                const set = cookie(field.value, defaultPath);
                most = Math.max(most, all() + (set ? set.size : 0));
                if (set) staged.set(set.id, set.size);
            }
            if (isCall && KEPT.includes(field.name)) kept += bytes(field.value.trim());
        }
        return { most: most + kept, cookies: all() - before };
    }

    /**
     * What each case takes. `login` is the head of the reply to a login, `call` that of the reply to a call, `end` that of a reply
     * which shows that the session has ended; `renewed` has the lines that a call sets anew besides.
     */
    function sizes(login, call, end, renewed, basePath = "") {
        const [loginPath, callPath] = [basePath + "/ServiceModel/AuthService.svc", basePath + "/odata"];
        const first = reply(login, 0, false, loginPath);
        return {
            first: first.most,
            cookies: first.cookies,
            again: reply(login, first.cookies, false, loginPath).most,
            call: reply(call, first.cookies, true, callPath).most,
            end: reply(end, first.cookies, true, callPath).most,
            renews: reply(call + "\n" + renewed, first.cookies, true, callPath).most,
        };
    }

    /** The head with a ticket of that length. */
    function withTicket(head, length) {
        return head.replace(/(Set-Cookie:\s*\.ASPXAUTH=)[^;\r\n]*/i, (_, start) => start + "0".repeat(length));
    }

    /** The line of the ticket in it. */
    function ticketLine(head) {
        return head.split(/\r?\n/).find((line) => /^Set-Cookie:\s*\.ASPXAUTH=/i.test(line)) || "";
    }

    function show() {
        const place = document.getElementById("calculator");
        if (!place) return;
        const text = (id) => place.querySelector("#" + id).value;
        place.innerHTML = `
    <p><label>Ticket (<code>.ASPXAUTH</code>), characters: <input id="ticket" type="number" min="0" max="4000" value="1000"></label></p>
    <p><label>The head of the reply to a login, as browser or <code>--trace</code> show it:<br>
    <textarea id="login" rows="14" spellcheck="false" style="width: 100%; font-family: monospace"></textarea></label></p>
    <p><label>The longest <code>Location</code> of a redirect to the login page, characters: <input id="location" type="number" min="0" max="4000" value="66"></label></p>
    <table><thead><tr><th>a session's memory takes</th><th>bytes</th></tr></thead><tbody id="sizes"></tbody></table>
    <p id="choose"></p>`;
        place.querySelector("#login").value = document.getElementById("head").textContent.trim();
        const compute = () => {
            const login = withTicket(shown(text("login")), Number(text("ticket")));
            const call = "Content-Type: application/json; odata.metadata=minimal";
            const end = "Content-Type: text/html; charset=utf-8\nLocation: " + "x".repeat(Number(text("location")));
            const found = sizes(login, call, end, ticketLine(login));
            const rows = [["the first login", found.first], ["its cookies afterwards", found.cookies], ["a login after a certain end, at the most", found.first],
                ["any other login", found.again], ["a call", found.call], ["a call that shows the end", found.end], ["a call that renews the ticket", found.renews]];
            place.querySelector("#sizes").innerHTML = rows.map(([name, size]) => `<tr><td>${name}</td><td align="right">${size.toLocaleString("en")}</td></tr>`).join("");
            const round = (size) => Math.ceil(size / 256) * 256;
            const least = Math.max(found.first, found.call, found.end, found.renews);
            place.querySelector("#choose").textContent = `Choose ${round(least).toLocaleString("en")} bytes, or ` +
                `${round(Math.max(least, found.again)).toLocaleString("en")} where a login may come into a session that is still alive.`;
        };
        place.addEventListener("input", (event) => {
            // The ticket of a head that is put in has its length.
            const ticket = /\.ASPXAUTH=([^;]*)/i.exec(ticketLine(shown(text("login"))));
            if (event.target.id === "login" && ticket) place.querySelector("#ticket").value = bytes(ticket[1]);
            compute();
        });
        compute();
    }

    if (typeof module !== "undefined") module.exports = { sizes };
    else document.addEventListener("DOMContentLoaded", show);
}
