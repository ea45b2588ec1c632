package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// browserNames are programs that speak the protocol of Chromium's developer tools, in the order in which they are looked for.
var browserNames = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}

// patience is how long anything may take; it bounds a test that would hang, and measures nothing.
const patience = time.Minute

// A browser is one that was started without a window, and a page in it. Messages go through two pipes, each ended by a zero byte.
type browser struct {
	t       testing.TB
	in      *os.File
	session string

	mu      sync.Mutex
	last    int
	waiting map[int]chan reply
	events  []event
	closed  error // why no more replies come
}

type reply struct {
	Result json.RawMessage
	Error  *struct{ Message string }
}

type event struct {
	Method string
	Params json.RawMessage
}

// browserProgram finds a browser, or skips the test if there is none.
func browserProgram(t testing.TB) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("skipped: pipes to a browser can't be inherited on Windows")
	}
	for _, name := range browserNames {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skipf("skipped: it needs a browser in PATH: one of %s", strings.Join(browserNames, ", "))
	return ""
}

// startBrowser opens a page at the address.
func startBrowser(t testing.TB, address string) *browser {
	t.Helper()
	program := browserProgram(t)
	toRead, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out, toWrite, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	profile := t.TempDir()
	cmd := exec.Command(program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions",
		"--disable-background-networking", "--disable-component-update", "--mute-audio", "--hide-scrollbars", "--user-data-dir="+profile, "--remote-debugging-pipe", "about:blank")
	cmd.ExtraFiles = []*os.File{toRead, toWrite}
	cmd.Env = append(os.Environ(), "HOME="+profile)
	if err := cmd.Start(); err != nil {
		t.Fatalf("%s does not start: %v", program, err)
	}
	toRead.Close()
	toWrite.Close()
	b := &browser{t: t, in: in, waiting: map[int]chan reply{}}
	ended := make(chan struct{})
	go func() {
		b.listen(bufio.NewReaderSize(out, 1<<20))
		close(ended)
	}()
	t.Cleanup(func() {
		b.try("", "Browser.close", nil)
		stopped := make(chan struct{})
		go func() {
			cmd.Wait()
			close(stopped)
		}()
		select {
		case <-stopped:
		case <-time.After(10 * time.Second):
			cmd.Process.Kill()
			<-stopped
		}
		in.Close()
		<-ended
		out.Close()
		// Children of the browser may still write to its profile.
		for range 50 {
			if os.RemoveAll(profile) == nil {
				break
			}
			time.Sleep(100 * time.Millisecond)
		}
	})
	var target struct{ TargetID string }
	b.call("", "Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	b.call("", "Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	b.session = attached.SessionID
	for _, domain := range []string{"Page", "Runtime", "Network", "DOM", "Accessibility", "Log"} {
		b.do(domain+".enable", nil, nil)
	}
	b.do("Target.setAutoAttach", map[string]any{"autoAttach": true, "waitForDebuggerOnStart": false, "flatten": true}, nil) // to workers
	b.do("Network.setCacheDisabled", map[string]any{"cacheDisabled": true}, nil)
	b.do("Page.navigate", map[string]any{"url": address}, nil)
	b.wait("document.body && document.readyState === 'complete'")
	return b
}

// listen takes replies and events until the browser is gone.
func (b *browser) listen(r *bufio.Reader) {
	for {
		data, err := r.ReadBytes(0)
		if err != nil {
			b.mu.Lock()
			b.closed = fmt.Errorf("the browser is gone: %w", err)
			for _, c := range b.waiting {
				close(c)
			}
			b.waiting = nil
			b.mu.Unlock()
			return
		}
		var m struct {
			ID int
			reply
			event
		}
		if err := json.Unmarshal(data[:len(data)-1], &m); err != nil {
			continue
		}
		b.mu.Lock()
		if m.ID != 0 {
			if c := b.waiting[m.ID]; c != nil {
				c <- m.reply
				delete(b.waiting, m.ID)
			}
		} else {
			b.events = append(b.events, m.event)
		}
		b.mu.Unlock()
	}
}

func (b *browser) try(session, method string, params any) (json.RawMessage, error) {
	if params == nil {
		params = struct{}{}
	}
	b.mu.Lock()
	if b.closed != nil {
		defer b.mu.Unlock()
		return nil, b.closed
	}
	b.last++
	id, c := b.last, make(chan reply, 1)
	b.waiting[id] = c
	b.mu.Unlock()
	m := map[string]any{"id": id, "method": method, "params": params}
	if session != "" {
		m["sessionId"] = session
	}
	data, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	if _, err := b.in.Write(append(data, 0)); err != nil {
		return nil, err
	}
	select {
	case r, ok := <-c:
		if !ok {
			return nil, errors.New("the browser is gone")
		}
		if r.Error != nil {
			return nil, fmt.Errorf("%s: %s", method, r.Error.Message)
		}
		return r.Result, nil
	case <-time.After(patience):
		return nil, fmt.Errorf("%s: no answer in %v", method, patience)
	}
}

// call calls a method of the protocol and decodes the result, which may be nil.
func (b *browser) call(session, method string, params, result any) {
	b.t.Helper()
	data, err := b.try(session, method, params)
	if err == nil && result != nil {
		err = json.Unmarshal(data, result)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

// do calls a method about the page.
func (b *browser) do(method string, params, result any) {
	b.t.Helper()
	b.call(b.session, method, params, result)
}

// eval returns the value of an expression in the page, and waits for it if it is a promise.
func (b *browser) eval(expression string) any {
	b.t.Helper()
	var out struct {
		Result           struct{ Value any }
		ExceptionDetails *struct {
			Text      string
			Exception struct{ Description string }
		}
	}
	b.do("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true}, &out)
	if x := out.ExceptionDetails; x != nil {
		b.t.Fatalf("%s\n%s %s", expression, x.Text, x.Exception.Description)
	}
	return out.Result.Value
}

// inWorker runs an expression in the newest worker of the page.
func (b *browser) inWorker(expression string) {
	b.t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(30 * time.Millisecond) {
		if b.ranInWorker("if (!self.solutionkit) throw new Error('not there yet'); " + expression) {
			return
		}
		if time.Now().After(end) {
			b.t.Fatalf("no worker runs %s", expression)
		}
	}
}

func (b *browser) ranInWorker(expression string) bool {
	list := b.seen("Target.attachedToTarget")
	if len(list) == 0 {
		return false
	}
	var attached struct{ SessionID string }
	if err := json.Unmarshal(list[len(list)-1].Params, &attached); err != nil {
		b.t.Fatal(err)
	}
	data, err := b.try(attached.SessionID, "Runtime.evaluate", map[string]any{"expression": expression})
	var out struct{ ExceptionDetails *struct{} }
	return err == nil && json.Unmarshal(data, &out) == nil && out.ExceptionDetails == nil
}

// text is what an element shows.
func (b *browser) text(selector string) string {
	b.t.Helper()
	s, _ := b.eval("(document.querySelector(" + quoted(selector) + ") || {}).innerText").(string)
	return s
}

// wait waits until an expression is true.
func (b *browser) wait(expression string) {
	b.t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(30 * time.Millisecond) {
		if b.eval("!!("+expression+")") == true {
			return
		}
		if time.Now().After(end) {
			b.t.Fatalf("not so after %v: %s\nthe page shows:\n%s", patience, expression, b.text("body"))
		}
	}
}

// waitText waits until an element shows a text.
func (b *browser) waitText(selector, text string) {
	b.t.Helper()
	b.wait("(document.querySelector(" + quoted(selector) + ") || {innerText: ''}).innerText.includes(" + quoted(text) + ")")
}

// click clicks what a person would: the element in the page that has that name.
func (b *browser) click(selector string) {
	b.t.Helper()
	b.wait("document.querySelector(" + quoted(selector) + ")")
	b.eval("document.querySelector(" + quoted(selector) + ").click()")
}

// choose puts files into an input.
func (b *browser) choose(selector string, paths ...string) {
	b.t.Helper()
	var doc struct{ Root struct{ NodeID int } }
	b.do("DOM.getDocument", nil, &doc)
	var node struct{ NodeID int }
	b.do("DOM.querySelector", map[string]any{"nodeId": doc.Root.NodeID, "selector": selector}, &node)
	b.do("DOM.setFileInputFiles", map[string]any{"nodeId": node.NodeID, "files": paths}, nil)
}

// press presses and releases a key.
func (b *browser) press(key string, code int) {
	b.t.Helper()
	for _, kind := range []string{"keyDown", "keyUp"} {
		b.do("Input.dispatchKeyEvent", map[string]any{"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "text": map[string]string{"Enter": "\r"}[key]}, nil)
	}
}

// seen are the events of that method so far.
func (b *browser) seen(method string) []event {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []event
	for _, e := range b.events {
		if e.Method == method {
			out = append(out, e)
		}
	}
	return out
}

// quoted writes a text as one of JavaScript.
func quoted(s string) string {
	data, err := json.Marshal(s)
	if err != nil {
		panic(err) // texts can be written
	}
	return string(data)
}
