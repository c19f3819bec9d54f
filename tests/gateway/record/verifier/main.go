// SPDX-License-Identifier: Apache-2.0

// The record, judged by code that is none of ours: Go's checksum database libraries (golang.org/x/mod/sumdb note and tlog).
//
//	verifier pairs FILE       every inclusion and consistency proof of a tree: our proofs against its roots and the other
//	                          way round. FILE: "leaf <base64>", "i <index> <size> <hashes>", "c <from> <to> <hashes>".
//	verifier archive DIR      an exported archive: checkpoint, keys, tiles, entries
//	verifier proof FILE VKEY LEAF-FILE
package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func hashes(words []string) []tlog.Hash {
	var list []tlog.Hash
	for _, word := range words {
		hash, err := tlog.ParseHash(word)
		must(err)
		list = append(list, hash)
	}
	return list
}

func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	must(err)
	return n
}

// A tree of theirs, in memory.
type storage []tlog.Hash

func (s storage) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var list []tlog.Hash
	for _, i := range indexes {
		list = append(list, s[i])
	}
	return list, nil
}

func same(a, b []tlog.Hash) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func pairs(path string) {
	file, err := os.Open(path)
	must(err)
	var tree storage
	var leaves [][]byte
	roots := []tlog.Hash{{}}
	inclusions, consistencies := 0, 0
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		switch words[0] {
		case "leaf":
			leaf, err := base64.StdEncoding.DecodeString(words[1])
			must(err)
			stored, err := tlog.StoredHashes(int64(len(leaves)), leaf, tree)
			must(err)
			tree = append(tree, stored...)
			leaves = append(leaves, leaf)
			root, err := tlog.TreeHash(int64(len(leaves)), tree)
			must(err)
			roots = append(roots, root)
		case "root":
			if hashes(words[2:])[0] != roots[number(words[1])] {
				log.Fatalf("another root at %s", words[1])
			}
		case "i":
			index, size, proof := number(words[1]), number(words[2]), hashes(words[3:])
			must(tlog.CheckRecord(proof, size, roots[size], index, tlog.RecordHash(leaves[index])))
			inclusions++
			if size%97 != 0 {
				continue // their own proof is the same
			}
			theirs, err := tlog.ProveRecord(size, index, tree)
			must(err)
			if !same(theirs, proof) {
				log.Fatalf("another inclusion proof of %d in %d", index, size)
			}
		case "c":
			from, to, proof := number(words[1]), number(words[2]), hashes(words[3:])
			must(tlog.CheckTree(proof, to, roots[to], from, roots[from]))
			consistencies++
		}
	}
	must(lines.Err())
	fmt.Printf("%d inclusion and %d consistency proofs accepted\n", inclusions, consistencies)
}

// The three lines of a C2SP checkpoint; what sumdb's ParseTree reads but for the first line.
func checkpoint(text string) tlog.Tree {
	rest := text[strings.Index(text, "\n")+1:]
	tree, err := tlog.ParseTree([]byte("go.sum database tree\n" + rest))
	must(err)
	return tree
}

func keys(text string) note.Verifiers {
	var list []note.Verifier
	for _, line := range strings.Fields(text) {
		verifier, err := note.NewVerifier(line)
		must(err)
		list = append(list, verifier)
	}
	return note.VerifierList(list...)
}

func open(msg []byte, known note.Verifiers) tlog.Tree {
	opened, err := note.Open(msg, known)
	must(err)
	if opened.Sigs[0].Name != opened.Text[:strings.Index(opened.Text, "\n")] {
		log.Fatal("the key's name is not the origin")
	}
	return checkpoint(opened.Text)
}

// tlog-tiles leaves out sumdb's height (always 8) and calls the data tiles entries.
type tiles string

func (dir tiles) path(t tlog.Tile) string {
	path := strings.Replace(t.Path(), "tile/8/", "tile/", 1)
	return filepath.Join(string(dir), strings.Replace(path, "tile/data/", "tile/entries/", 1))
}
func (dir tiles) Height() int { return 8 }
func (dir tiles) ReadTiles(list []tlog.Tile) ([][]byte, error) {
	var data [][]byte
	for _, t := range list {
		bytes, err := os.ReadFile(dir.path(t))
		if err != nil {
			return nil, err
		}
		data = append(data, bytes)
	}
	return data, nil
}
func (dir tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func archive(dir string) {
	msg, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	must(err)
	list, err := os.ReadFile(filepath.Join(dir, "verifier"))
	must(err)
	tree := open(msg, keys(string(list)))
	// The reader checks every tile against the signed root.
	reader := tlog.TileHashReader(tree, tiles(dir))
	var indexes []int64
	for n := int64(0); n < tree.N; n++ {
		indexes = append(indexes, tlog.StoredHashIndex(0, n))
	}
	known, err := reader.ReadHashes(indexes)
	must(err)
	for n := int64(0); n < tree.N; {
		t := tlog.Tile{H: 8, L: -1, N: n / 256, W: 256}
		if tree.N-n < 256 {
			t.W = int(tree.N - n)
		}
		bundle, err := os.ReadFile(tiles(dir).path(t))
		must(err)
		for i := 0; i < t.W; i, n = i+1, n+1 {
			size := int(binary.BigEndian.Uint16(bundle))
			leaf := bundle[2 : 2+size]
			if tlog.RecordHash(leaf) != known[n] {
				log.Fatalf("entry %d is not the one in the tree", n)
			}
			if !bytes.HasPrefix(leaf, []byte(fmt.Sprintf("{\"v\":1,\"i\":%d,", n))) || leaf[size-1] != '\n' {
				log.Fatalf("entry %d is no leaf", n)
			}
			bundle = bundle[2+size:]
		}
		if len(bundle) != 0 {
			log.Fatalf("bytes are left behind entry %d", n)
		}
	}
	fmt.Printf("%d entries in the signed tree\n", tree.N)
}

func proof(path, vkey, leafPath string) {
	msg, err := os.ReadFile(path)
	must(err)
	leaf, err := os.ReadFile(leafPath)
	must(err)
	head, signed, found := strings.Cut(string(msg), "\n\n")
	if !found {
		log.Fatal("no checkpoint in the proof")
	}
	lines := strings.Split(head, "\n")
	if lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "index ") {
		log.Fatal("no tlog-proof")
	}
	tree := open([]byte(signed), keys(vkey))
	must(tlog.CheckRecord(hashes(lines[2:]), tree.N, tree.Hash, number(lines[1][6:]), tlog.RecordHash(leaf)))
	fmt.Printf("the leaf is in the signed tree of %d\n", tree.N)
}

func main() {
	log.SetFlags(0)
	switch {
	case len(os.Args) == 3 && os.Args[1] == "pairs":
		pairs(os.Args[2])
	case len(os.Args) == 3 && os.Args[1] == "archive":
		archive(os.Args[2])
	case len(os.Args) == 5 && os.Args[1] == "proof":
		proof(os.Args[2], os.Args[3], os.Args[4])
	default:
		log.Fatal("usage: verifier pairs FILE | archive DIR | proof FILE VKEY LEAF")
	}
}
