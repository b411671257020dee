//! Folders and files in memory, each with what of it is durable.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::io;
use std::path::{Component, Path};
use std::sync::Arc;

use super::outcome::Fate;

pub(super) type Id = usize;

const ROOT: Id = 0;

/// Everything on a disk. A file that lost its name stays for those who have it open.
#[derive(Debug, Clone)]
pub(super) struct Tree(Vec<Node>);

#[derive(Debug, Clone)]
enum Node {
    Folder(Folder),
    File(File),
}

#[derive(Debug, Clone, Default)]
struct Folder {
    names: BTreeMap<String, Id>,
    /// The names when the folder was last synced, and what was done to them since.
    synced: BTreeMap<String, Id>,
    changes: Vec<Change>,
}

#[derive(Debug, Clone)]
enum Change {
    Added(String, Id),
    Removed(String),
    Renamed(String, String, Id),
}

/// One file.
#[derive(Debug, Clone, Default)]
pub(super) struct File {
    now: Arc<Vec<u8>>,
    /// How many bytes from its beginning are durable, unless `before` is there.
    synced: usize,
    /// What was durable when something other than the end was changed.
    before: Option<Arc<Vec<u8>>>,
}

impl Default for Tree {
    fn default() -> Self {
        Self(vec![Node::Folder(Folder::default())])
    }
}

impl Tree {
    pub(super) fn exists(&self, path: &Path) -> bool {
        self.find(path).is_some()
    }

    pub(super) fn file(&self, id: Id) -> io::Result<&File> {
        match self.0.get(id) {
            Some(Node::File(file)) => Ok(file),
            _ => Err(io::ErrorKind::IsADirectory.into()),
        }
    }

    pub(super) fn file_mut(&mut self, id: Id) -> io::Result<&mut File> {
        match self.0.get_mut(id) {
            Some(Node::File(file)) => Ok(file),
            _ => Err(io::ErrorKind::IsADirectory.into()),
        }
    }

    /// The file of this name.
    pub(super) fn open(&self, path: &Path) -> io::Result<Id> {
        let id = self.find(path).ok_or(io::ErrorKind::NotFound)?;
        self.file(id).map(|_| id)
    }

    /// A file of this name, empty.
    pub(super) fn create(&mut self, path: &Path) -> io::Result<Id> {
        if let Some(id) = self.find(path) {
            self.file_mut(id)?.truncate(0);
            return Ok(id);
        }
        self.add(path, Node::File(File::default()))
    }

    pub(super) fn make_folder(&mut self, path: &Path) -> io::Result<Id> {
        self.add(path, Node::Folder(Folder::default()))
    }

    pub(super) fn list(&self, path: &Path) -> io::Result<Vec<String>> {
        let id = self.find(path).ok_or(io::ErrorKind::NotFound)?;
        match &self.0[id] {
            Node::Folder(folder) => Ok(folder.names.keys().cloned().collect()),
            Node::File(_) => Err(io::ErrorKind::NotADirectory.into()),
        }
    }

    pub(super) fn sync_folder(&mut self, path: &Path) -> io::Result<()> {
        let folder = self.folder_mut(path)?;
        folder.synced.clone_from(&folder.names);
        folder.changes.clear();
        Ok(())
    }

    pub(super) fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        if from.parent() != to.parent() {
            // Two folders, two syncs: nobody here needs it, so nobody here gets it wrong.
            return Err(io::ErrorKind::CrossesDevices.into());
        }
        let (old, new) = (name(from)?, name(to)?);
        let folder = self.folder_mut(parent(from)?)?;
        let id = folder.names.remove(&old).ok_or(io::ErrorKind::NotFound)?;
        folder.names.insert(new.clone(), id);
        folder.changes.push(Change::Renamed(old, new, id));
        Ok(())
    }

    /// Takes a name away. A folder must be empty.
    pub(super) fn remove(&mut self, path: &Path) -> io::Result<()> {
        if self.list(path).is_ok_and(|names| !names.is_empty()) {
            return Err(io::ErrorKind::DirectoryNotEmpty.into());
        }
        let gone = name(path)?;
        let folder = self.folder_mut(parent(path)?)?;
        folder.names.remove(&gone).ok_or(io::ErrorKind::NotFound)?;
        folder.changes.push(Change::Removed(gone));
        Ok(())
    }

    /// What is found after a crash. All of it is durable.
    pub(super) fn after_crash(&self, fate: &mut Fate) -> Self {
        let mut left = Self(Vec::new());
        self.leave(ROOT, fate, &mut left);
        left
    }

    /// Makes everything durable as it is.
    pub(super) fn settle(&mut self) {
        for node in &mut self.0 {
            match node {
                Node::File(file) => file.sync(),
                Node::Folder(folder) => {
                    folder.synced.clone_from(&folder.names);
                    folder.changes.clear();
                }
            }
        }
    }

    /// Feeds names and contents to `hasher`.
    pub(super) fn hash(&self, hasher: &mut impl Hasher) {
        self.hash_node(ROOT, hasher);
    }

    fn hash_node(&self, id: Id, hasher: &mut impl Hasher) {
        match &self.0[id] {
            Node::File(file) => file.now.hash(hasher),
            Node::Folder(folder) => {
                folder.names.len().hash(hasher);
                for (name, id) in &folder.names {
                    name.hash(hasher);
                    self.hash_node(*id, hasher);
                }
            }
        }
    }

    fn leave(&self, id: Id, fate: &mut Fate, left: &mut Self) -> Id {
        let place = left.0.len();
        match &self.0[id] {
            Node::File(file) => left.0.push(Node::File(file.after_crash(fate))),
            Node::Folder(folder) => {
                left.0.push(Node::Folder(Folder::default()));
                let mut names = folder.after_crash(fate);
                for id in names.values_mut() {
                    *id = self.leave(*id, fate, left);
                }
                left.0[place] = Node::Folder(Folder {
                    synced: names.clone(),
                    names,
                    changes: Vec::new(),
                });
            }
        }
        place
    }

    fn find(&self, path: &Path) -> Option<Id> {
        let mut id = ROOT;
        for component in path.components() {
            let Component::Normal(name) = component else {
                continue;
            };
            let Node::Folder(folder) = &self.0[id] else {
                return None;
            };
            id = *folder.names.get(name.to_str()?)?;
        }
        Some(id)
    }

    fn folder_mut(&mut self, path: &Path) -> io::Result<&mut Folder> {
        let id = self.find(path).ok_or(io::ErrorKind::NotFound)?;
        match &mut self.0[id] {
            Node::Folder(folder) => Ok(folder),
            Node::File(_) => Err(io::ErrorKind::NotADirectory.into()),
        }
    }

    fn add(&mut self, path: &Path, node: Node) -> io::Result<Id> {
        let (id, added) = (self.0.len(), name(path)?);
        let folder = self.folder_mut(parent(path)?)?;
        folder.names.insert(added.clone(), id);
        folder.changes.push(Change::Added(added, id));
        self.0.push(node);
        Ok(id)
    }
}

impl Folder {
    fn after_crash(&self, fate: &mut Fate) -> BTreeMap<String, Id> {
        let mut names = self.synced.clone();
        let happened = fate.changes(self.changes.len());
        for (change, _) in self.changes.iter().zip(happened).filter(|(_, yes)| *yes) {
            match change {
                Change::Added(name, id) => {
                    names.insert(name.clone(), *id);
                }
                Change::Removed(name) => {
                    names.remove(name);
                }
                Change::Renamed(from, to, id) => {
                    if names.get(from) == Some(id) {
                        names.remove(from);
                    }
                    names.insert(to.clone(), *id);
                }
            }
        }
        names
    }
}

impl File {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.now
    }

    pub(super) fn append(&mut self, bytes: &[u8]) {
        Arc::make_mut(&mut self.now).extend_from_slice(bytes);
    }

    pub(super) fn sync(&mut self) {
        self.synced = self.now.len();
        self.before = None;
    }

    pub(super) fn truncate(&mut self, length: usize) {
        self.remember();
        Arc::make_mut(&mut self.now).truncate(length);
    }

    /// Writes zeros over the first `length` bytes.
    pub(super) fn zero(&mut self, length: usize) {
        self.remember();
        Arc::make_mut(&mut self.now)[..length].fill(0);
    }

    /// Changes it in place, durably: what rot does.
    pub(super) fn rot(&mut self, change: impl FnOnce(&mut Vec<u8>)) {
        change(Arc::make_mut(&mut self.now));
        self.sync();
    }

    fn remember(&mut self) {
        if self.before.is_none() {
            self.before = Some(Arc::new(self.durable().to_vec()));
        }
    }

    fn durable(&self) -> &[u8] {
        match &self.before {
            Some(before) => before,
            None => &self.now[..self.synced],
        }
    }

    fn after_crash(&self, fate: &mut Fate) -> Self {
        let unchanged = self.before.is_none() && self.synced == self.now.len();
        let left = if unchanged {
            None
        } else {
            fate.content(self.durable(), &self.now)
        };
        let now = left.map_or_else(|| Arc::clone(&self.now), Arc::new);
        Self {
            synced: now.len(),
            now,
            before: None,
        }
    }
}

fn name(path: &Path) -> io::Result<String> {
    let name = path.file_name().and_then(|name| name.to_str());
    Ok(name.ok_or(io::ErrorKind::InvalidInput)?.to_owned())
}

fn parent(path: &Path) -> io::Result<&Path> {
    Ok(path.parent().ok_or(io::ErrorKind::InvalidInput)?)
}
