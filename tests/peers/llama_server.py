"""llama.cpp's server on this machine, for the model in a file: `python llama_server.py MODEL.gguf
[claims]`. With "claims" the model can only write lines of the form that Footnote reads. It says its
address on the first line and answers until stdin is closed."""

from __future__ import annotations

import sys

from xllamacpp import CommonGrammar, CommonParams, Server, common_grammar_type

_MOST = 600  # tokens of a reply
_CLAIMS = r"""
root ::= line+
line ::= "{\"claim\": \"" text "\", \"quotes\": [{\"key\": \"" key "\", \"words\": \"" text "\"}]}\n"
key ::= [0-9a-f]{8}
text ::= [a-zA-Z0-9 ]{5,40}
"""

if __name__ == "__main__":
    params = CommonParams()
    params.model.path = sys.argv[1]
    params.n_predict = _MOST
    params.n_ctx = 32_768
    params.n_parallel = 1
    params.cpuparams.n_threads = 1
    params.warmup = False
    if sys.argv[2:] == ["claims"]:
        params.sampling.grammar = CommonGrammar(common_grammar_type.COMMON_GRAMMAR_TYPE_USER, _CLAIMS)
    server = Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.read()
